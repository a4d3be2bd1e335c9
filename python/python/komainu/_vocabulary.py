"""The closed lists of words that records are written in.

Each member is a str: ``Kind.BOUNCE == "bounce"``, and it prints as its value. A test holds these lists against the
core's.
"""

from __future__ import annotations

from enum import Enum, EnumMeta


class _ListOfWords(EnumMeta):
    """Lists the members and what we add to them, without the forty methods of str: help() stays readable."""

    def __dir__(cls) -> list[str]:
        own = (name for base in cls.__mro__ if issubclass(base, Word) for name in vars(base))
        public = {name for name in own if not name.startswith("_")}
        return sorted({"__doc__", "__members__", "__module__", "__name__", *cls._member_names_, *public})


class Word(str, Enum, metaclass=_ListOfWords):
    """A str enum that prints as its value on every Python version."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)


class Kind(Word):
    """What a message, or one record of it, is."""

    BOUNCE = "bounce"
    DELAY = "delay"
    FEEDBACK = "feedback"
    AUTO_REPLY = "auto_reply"
    DELIVERY = "delivery"
    OTHER = "other"


class Action(Word):
    """The Action field of RFC 3464, section 2.3.3."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


class Command(Word):
    """The stage of the SMTP dialogue that a reply answers (RFC 5321)."""

    CONN = "CONN"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    QUIT = "QUIT"


class Blame(Word):
    """Whose side a failure is on."""

    RECIPIENT = "recipient"
    SENDER = "sender"
    RECEIVER = "receiver"
    PATH = "path"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


class Advice(Word):
    """What the sender should do now."""

    NONE = "none"
    SUPPRESS = "suppress"
    RETRY = "retry"
    SLOW_DOWN = "slow_down"
    FIX_CONTENT = "fix_content"
    CONTACT_RECIPIENT = "contact_recipient"
    FIX_SENDER = "fix_sender"
    REVIEW = "review"


class DecidedBy(Word):
    """Which kind of knowledge decided the reason."""

    PROVIDER = "provider"
    PHRASE = "phrase"
    PROVIDER_CODE = "provider_code"
    STATUS = "status"
    STAGE = "stage"
    NONE = "none"
    FORMAT = "format"


class RecipientSource(Word):
    """Where the recipient address was read."""

    FINAL_RECIPIENT = "final_recipient"
    ORIGINAL_RECIPIENT = "original_recipient"
    HEADER = "header"
    TEXT = "text"
    DIAGNOSTIC = "diagnostic"
    VERP = "verp"
    RETURNED_TO = "returned_to"
    FEEDBACK = "feedback"
    FROM = "from"
    LOG = "log"


class AddressStatus(Word):
    """What the caller's address book says of a recipient."""

    WHITELISTED = "whitelisted"
    UNSTABLE = "unstable"


class Authenticity(Word):
    """Whether a report answers mail that the caller really sent."""

    GENUINE = "genuine"
    UNPROVEN = "unproven"
    CONTRADICTED = "contradicted"


class Limit(Word):
    """A limit that a message ran into."""

    BYTES = "bytes"
    DEPTH = "depth"
    PARTS = "parts"
    HEADER_BYTES = "header_bytes"
    RECIPIENTS = "recipients"
    TEXT = "text"


class LogFormat(Word):
    """Whose log a LogReader reads."""

    POSTFIX = "postfix"
    EXIM = "exim"
    SENDMAIL = "sendmail"
    OPENSMTPD = "opensmtpd"
    POWERMTA = "powermta"
    KUMOMTA = "kumomta"
    HARAKA = "haraka"
