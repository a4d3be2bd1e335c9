# The types of the native module. `python -m mypy.stubtest komainu` holds them against the built one.
# The docstrings are generated: `python tests/stub_docs.py` takes them from it, for editors to show.
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from email.message import Message
from typing import Any, Final, Literal, TypedDict, final

from _typeshed import StrPath
from typing_extensions import Self, TypeAlias

from ._reason import Reason
from ._vocabulary import (
    Action,
    AddressStatus,
    Advice,
    Authenticity,
    Blame,
    Command,
    DecidedBy,
    Kind,
    Limit,
    RecipientSource,
)

SCHEMA_VERSION: Final[str]
__version__: Final[str]

_Message: TypeAlias = bytes | bytearray | memoryview | Message[Any, Any]

@final
class Record:
    """What happened to one recipient.

    Every key of the record is an attribute; what the mail does not say is None. Records are immutable, compare by value,
    hash, pickle, and match patterns:

    >>> import komainu
    >>> match_args = komainu.Record.__match_args__
    >>> match_args
    ('kind', 'recipient', 'reason')
    """

    __match_args__: Final = ("kind", "recipient", "reason")
    @property
    def id(self) -> str:
        """32 hex digits that are the same for the same failure seen again (postmaster's copy, log, another mailbox)."""
    @property
    def kind(self) -> Kind:
        """What this recipient's part of the report is: a Kind."""
    @property
    def recipient(self) -> str | None:
        """The address that failed; the local part as written, the domain in lower case. None: the mail names nobody."""
    @property
    def recipient_source(self) -> RecipientSource | None:
        """Where the recipient was read: a RecipientSource."""
    @property
    def original_recipient(self) -> str | None:
        """The address that was mailed to, where it differs (alias, forward, ORCPT, VERP, SRS)."""
    @property
    def sender(self) -> str | None:
        """The envelope sender of the returned mail, else its From."""
    @property
    def reason(self) -> Reason:
        """Why it failed: a Reason."""
    @property
    def hard(self) -> bool:
        """Whether the address will never work."""
    @property
    def blame(self) -> Blame:
        """Whose side the failure is on: a Blame."""
    @property
    def advice(self) -> Advice:
        """What to do now: an Advice."""
    @property
    def action(self) -> Action | None:
        """The Action of RFC 3464. None where neither field nor words say it."""
    @property
    def status(self) -> str | None:
        """The enhanced status code (RFC 3463) of the deciding reply, else the Status field."""
    @property
    def dsn_status(self) -> str | None:
        """The Status field, untouched."""
    @property
    def derived_status(self) -> str | None:
        """The enhanced status code that the decision would deserve."""
    @property
    def reply_code(self) -> int | None:
        """The SMTP reply code (RFC 5321) of the deciding reply."""
    @property
    def command(self) -> Command | None:
        """The stage of the SMTP dialogue at which it was refused: a Command."""
    @property
    def diagnostic(self) -> str | None:
        """The words of the deciding reply, white space folded."""
    @property
    def diagnostic_type(self) -> str | None:
        """The type before the words: 'smtp', 'x-unix', 'lmtp' and others."""
    @property
    def reporting_mta(self) -> str | None:
        """The host that wrote the report."""
    @property
    def received_from_mta(self) -> str | None:
        """The host that the reporting host had the message from."""
    @property
    def remote_mta(self) -> str | None:
        """The host that refused the message."""
    @property
    def source_ip(self) -> str | None:
        """The sending address, where a reply names it."""
    @property
    def provider(self) -> str | None:
        """Who runs the mailbox: 'google', 'microsoft365', 'docomo' and others."""
    @property
    def format(self) -> str:
        """Which report format was read: 'postfix', 'exim', 'rfc3464', 'arf' and others."""
    @property
    def new_address(self) -> str | None:
        """Where a reply says that the mailbox moved to."""
    @property
    def retry_after(self) -> int | None:
        """Seconds to wait before another try, where the reply states them."""
    @property
    def feedback(self) -> Feedback | None:
        """The fields of a feedback report: a Feedback."""
    @property
    def subject(self) -> str | None:
        """Subject of the returned mail."""
    @property
    def message_id(self) -> str | None:
        """Message-ID of the returned mail, without angle brackets."""
    @property
    def list_id(self) -> str | None:
        """List-Id of the returned mail (RFC 2919), without angle brackets."""
    @property
    def feedback_id(self) -> str | None:
        """Feedback-ID header of the returned mail."""
    @property
    def headers(self) -> dict[str, str] | None:
        """Headers of the returned mail that the Analyzer was asked for, by name in lower case."""
    @property
    def original_envelope_id(self) -> str | None:
        """Original-Envelope-Id (RFC 3461 ENVID)."""
    @property
    def queue_id(self) -> str | None:
        """The reporting host's queue id."""
    @property
    def timestamp(self) -> str | None:
        """When it happened, as RFC 3339 with the offset as written."""
    @property
    def arrival_date(self) -> str | None:
        """Arrival-Date of RFC 3464, as RFC 3339."""
    @property
    def last_attempt_date(self) -> str | None:
        """Last-Attempt-Date of RFC 3464, as RFC 3339."""
    @property
    def will_retry_until(self) -> str | None:
        """Will-Retry-Until of RFC 3464, as RFC 3339."""
    @property
    def decided_by(self) -> DecidedBy:
        """Which kind of knowledge decided the reason: a DecidedBy."""
    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the decision rests on, the winner first: a tuple of Evidence."""
    @property
    def also(self) -> tuple[Reason, ...]:
        """Reasons that matched too and lost, best first: a tuple of Reason."""
    @property
    def address_status(self) -> AddressStatus | None:
        """What the caller's address book says of the recipient: an AddressStatus."""
    @property
    def authenticity(self) -> Authenticity | None:
        """Whether the report answers mail that the caller really sent: an Authenticity."""
    def to_dict(self) -> dict[str, Any]:
        """The value as plain dict, list, str, int, bool and None: what json.loads makes of to_json()."""
    def to_json(self) -> str:
        """The value as compact JSON, byte for byte what every other surface of komainu gives."""
    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Builds the value from what to_dict() or json.loads gave. Keys that it does not have are passed over, such
        as the source and index that the command puts before a record's own.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def _repr_html_(self) -> str: ...

@final
class Verdict:
    """One SMTP reply, decided: what classify() returns."""

    __match_args__: Final = ("reason", "hard", "advice")
    @property
    def reason(self) -> Reason:
        """Why it failed: a Reason."""
    @property
    def hard(self) -> bool:
        """Whether the address will never work."""
    @property
    def blame(self) -> Blame:
        """Whose side the failure is on: a Blame."""
    @property
    def advice(self) -> Advice:
        """What to do now: an Advice."""
    @property
    def status(self) -> str | None:
        """The enhanced status code of the reply."""
    @property
    def derived_status(self) -> str | None:
        """The enhanced status code that the decision would deserve."""
    @property
    def reply_code(self) -> int | None:
        """The SMTP reply code."""
    @property
    def command(self) -> Command | None:
        """The stage of the SMTP dialogue, where the text tells it: a Command."""
    @property
    def provider(self) -> str | None:
        """Who runs the mailbox, from the hint or the wording."""
    @property
    def source_ip(self) -> str | None:
        """The sending address, where the reply names it."""
    @property
    def new_address(self) -> str | None:
        """Where the reply says that the mailbox moved to."""
    @property
    def retry_after(self) -> int | None:
        """Seconds to wait before another try, where the reply states them."""
    @property
    def decided_by(self) -> DecidedBy:
        """Which kind of knowledge decided the reason: a DecidedBy."""
    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the decision rests on, the winner first: a tuple of Evidence."""
    @property
    def also(self) -> tuple[Reason, ...]:
        """Reasons that matched too and lost, best first: a tuple of Reason."""
    def to_dict(self) -> dict[str, Any]:
        """The value as plain dict, list, str, int, bool and None: what json.loads makes of to_json()."""
    def to_json(self) -> str:
        """The value as compact JSON, byte for byte what every other surface of komainu gives."""
    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Builds the value from what to_dict() or json.loads gave. Keys that it does not have are passed over, such
        as the source and index that the command puts before a record's own.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def _repr_html_(self) -> str: ...

@final
class Evidence:
    """One piece of what a decision rests on."""

    __match_args__: Final = ("rule", "field", "text")
    @property
    def rule(self) -> str:
        """The rule's id, as `komainu rules show` takes it."""
    @property
    def field(self) -> str:
        """The record key that the rule looked at."""
    @property
    def text(self) -> str:
        """The words that matched: an exact substring of that key's value."""
    def to_dict(self) -> dict[str, Any]:
        """The value as plain dict, list, str, int, bool and None: what json.loads makes of to_json()."""
    def to_json(self) -> str:
        """The value as compact JSON, byte for byte what every other surface of komainu gives."""
    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Builds the value from what to_dict() or json.loads gave. Keys that it does not have are passed over, such
        as the source and index that the command puts before a record's own.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Feedback:
    """The fields of a feedback report (RFC 5965, RFC 6591)."""

    __match_args__: Final = ("type",)
    @property
    def type(self) -> str | None:
        """Feedback-Type in lower case: 'abuse', 'fraud', 'opt-out', 'not-spam', 'auth-failure' and others."""
    @property
    def user_agent(self) -> str | None:
        """User-Agent of the report generator."""
    @property
    def source_ip(self) -> str | None:
        """Source-IP."""
    @property
    def original_envelope_id(self) -> str | None:
        """Original-Envelope-Id."""
    @property
    def auth_failure(self) -> str | None:
        """Auth-Failure (RFC 6591)."""
    @property
    def incidents(self) -> int | None:
        """How many reports this one stands for."""
    def to_dict(self) -> dict[str, Any]:
        """The value as plain dict, list, str, int, bool and None: what json.loads makes of to_json()."""
    def to_json(self) -> str:
        """The value as compact JSON, byte for byte what every other surface of komainu gives."""
    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Builds the value from what to_dict() or json.loads gave. Keys that it does not have are passed over, such
        as the source and index that the command puts before a record's own.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Report:
    r"""What one message said: its kind, and one record for each recipient it reports on.

    Iterating over a report gives its records. Ordinary mail has kind 'other' and no records:

    >>> import komainu
    >>> report = komainu.parse(b"Subject: hello\r\n\r\nno bounce at all")
    >>> report.kind
    <Kind.OTHER: 'other'>
    >>> len(report)
    0
    """

    __match_args__: Final = ("kind", "records")
    @property
    def kind(self) -> Kind:
        """The worst kind of the records, or 'other' without records: a Kind."""
    @property
    def subject_tag(self) -> str | None:
        """A tag that a gateway put before the Subject, such as '[SPAM]'."""
    @property
    def records(self) -> tuple[Record, ...]:
        """One Record for each recipient, in the order of the report: a tuple."""
    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every limit that was hit: a tuple of Limit. What lies beyond it was not read."""
    def to_dict(self) -> dict[str, Any]:
        """The value as plain dict, list, str, int, bool and None: what json.loads makes of to_json()."""
    def to_json(self) -> str:
        """The value as compact JSON, byte for byte what every other surface of komainu gives."""
    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Builds the value from what to_dict() or json.loads gave. Keys that it does not have are passed over, such
        as the source and index that the command puts before a record's own.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def _repr_html_(self) -> str: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __iter__(self) -> Iterator[Record]: ...

class _Limits(TypedDict, total=False):
    max_bytes: int
    max_depth: int
    max_parts: int
    max_header_bytes: int
    max_recipients: int
    max_text_bytes: int

class _Hash(TypedDict):
    hash: str

class _Verp(TypedDict):
    pattern: str
    secret: str

class _Batv(TypedDict):
    number: int
    secret: str

class _Verifier(TypedDict, total=False):
    domains: Iterable[str]
    message_ids: Iterable[str]
    verp: Iterable[_Verp]
    batv: Iterable[_Batv]
    max_age: int
    strict: bool
    now: int

_Layout: TypeAlias = Literal["auto", "message", "mbox"]

@final
class ReportIterator:
    """The reports of parse_many(), one by one."""
    def __iter__(self) -> Self: ...
    def __next__(self) -> Report: ...

@final
class Scan:
    """The messages of scan(), one by one."""
    def __iter__(self) -> Self: ...
    def __next__(self) -> ScannedMail: ...
    @property
    def problems(self) -> list[ScanProblem]:
        """What could not be read so far: a list of ScanProblem."""

@final
class ScannedMail:
    """One message that a scan found."""
    @property
    def source(self) -> str:
        """The file it is in, as found under the path that was given; 'archive.zip/member' in an archive."""
    @property
    def index(self) -> int:
        """Its number in the source, from 0."""
    @property
    def offset(self) -> int:
        """Where it begins in the (decompressed) source, in bytes."""
    @property
    def report(self) -> Report:
        """What the message said: a Report."""
    def to_dicts(self) -> list[dict[str, Any]]:
        """The records as dicts with source, index and offset before their keys: the lines of the command's NDJSON."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ScanProblem:
    """A part of a scan that could not be read."""
    @property
    def kind(self) -> str:
        """'missing', 'unreadable', or 'damaged' where part of the source was read."""
    @property
    def source(self) -> str:
        """The file or folder."""
    @property
    def offset(self) -> int | None:
        """Where in the source, in bytes, if it was read that far."""
    @property
    def message(self) -> str:
        """What happened, for people."""

@final
class LogReader:
    """Reads a mail server's log line by line, and gives a Record for each recipient whose delivery came to an end.

    Postfix, Exim, Sendmail, OpenSMTPD, PowerMTA (CSV), KumoMTA and Haraka logs are told apart by their lines; format
    (a LogFormat) says it beforehand. year is that of the first line where stamps have none, timezone ('+09:00'
    or 'Europe/Berlin') the zone of stamps that name none. analyzer gives options, such as an address book. A file is read()
    at once; lines that come one by one are push()ed, and finish() gives what is left.

    >>> import komainu
    >>> reader = komainu.LogReader()
    >>> line = (
    ...     "2026-11-21T10:00:01+09:00 mail postfix/smtp[9]: 4C7D1: to=<taro@example.jp>, relay=mx.example.jp[192.0.2.1]:25, "
    ...     "delay=1, dsn=5.1.1, status=bounced (host mx.example.jp[192.0.2.1] said: 550 5.1.1 User unknown "
    ...     "(in reply to RCPT TO command))"
    ... )
    >>> [(record.recipient, record.reason.value) for record in reader.push(line)]
    [('taro@example.jp', 'userunknown')]
    >>> reader.finish()
    []
    """
    def __new__(
        cls,
        *,
        format: str | None = None,
        year: int | None = None,
        timezone: str | None = None,
        analyzer: Analyzer | None = None,
    ) -> Self: ...
    def push(self, line: str | bytes, /) -> list[Record]:
        """Takes one line (str or bytes), with or without its line end, and gives the records that it completes."""
    def read(self, lines: Iterable[str | bytes], /) -> LogRecords:
        """Reads every line of an iterable, such as an open file, then finishes; gives the records one by one.

        >>> import komainu
        >>> with open("/var/log/mail.log", "rb") as log:  # doctest: +SKIP
        ...     for record in komainu.LogReader(year=2026).read(log):
        ...         print(record.recipient, record.reason)
        """
    def finish(self) -> list[Record]:
        """Gives the records of messages that were still queued at the end of the log: their last status."""
    @property
    def lines(self) -> int:
        """How many lines were pushed."""
    @property
    def understood(self) -> int:
        """How many of them said something about a delivery."""
    @property
    def unreadable(self) -> int:
        """How many of them should have said something and could not be read."""

@final
class LogRecords:
    """The records of LogReader.read(), one by one."""
    def __iter__(self) -> Self: ...
    def __next__(self) -> Record: ...

@final
class ArrowTable:
    """Records in columns: what to_arrow() returns."""
    @property
    def num_rows(self) -> int:
        """How many records there are."""
    @property
    def column_names(self) -> list[str]:
        """The record's keys."""
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Analyzer:
    r"""A parser with options. Build one and use it for all mail, from any number of threads.

    headers: names of headers of the returned mail that records shall carry in `headers`.
    limits: how much of a message is read, as a mapping with any of max_bytes, max_depth, max_parts, max_header_bytes,
        max_recipients and max_text_bytes. A limit that was hit shows in `Report.limits`.
    rules: your own rules beside the built-in ones, as the text of a TOML file; `komainu rules check --help` shows one.
    address_book: addresses that people have judged, as a mapping of address (or @domain) to 'whitelisted' or
        'unstable', or as the text of a TSV, CSV or JSON file. Shows in `address_status`.
    verp: patterns of the addresses that reports come to, such as 'b-{id}-{local}={domain}@example.com'.
    verp_delimiters: the two characters that stand for + and = in the usual patterns.
    verp_usual: whether the usual patterns are tried too (True).
    redact: 'mask', or {'hash': key}: replaces the addresses in everything that is returned.
    verifier: what you know about your own mail, so that forged reports show in `authenticity`: a mapping with any of
        domains, message_ids, verp (list of {'pattern', 'secret'}), batv (list of {'number', 'secret'}), max_age, strict
        and now.

    >>> import komainu
    >>> analyzer = komainu.Analyzer(headers=["X-Campaign"], address_book={"hanako@example.jp": "whitelisted"})
    >>> analyzer.parse(b"Subject: hello\r\n\r\nno bounce at all").kind
    <Kind.OTHER: 'other'>
    """
    def __new__(
        cls,
        *,
        headers: Iterable[str] | None = None,
        limits: _Limits | None = None,
        rules: str | None = None,
        address_book: Mapping[str, str] | str | None = None,
        verp: Iterable[str] | None = None,
        verp_delimiters: str | None = None,
        verp_usual: bool | None = None,
        redact: Literal["mask"] | _Hash | None = None,
        verifier: _Verifier | None = None,
    ) -> Self: ...
    def parse(self, message: _Message, /) -> Report:
        """Reads one message with these options. See komainu.parse."""
    def parse_many(
        self, messages: Iterable[_Message], /, *, threads: int | None = None, ahead: int | None = None
    ) -> ReportIterator:
        """Reads many messages, over several threads. See komainu.parse_many."""
    def scan(
        self,
        *paths: StrPath | tuple[str, bytes | bytearray | memoryview],
        threads: int | None = None,
        layout: _Layout = "auto",
    ) -> Scan:
        """Reads every message under some paths. See komainu.scan."""
    def classify(
        self,
        text: str,
        /,
        *,
        provider: str | None = None,
        command: str | None = None,
        status: str | None = None,
        date: str | datetime.date | None = None,
        format: str | None = None,
    ) -> Verdict:
        """Decides one SMTP reply with these options. See komainu.classify."""
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]: ...

def parse(message: _Message, /) -> Report:
    """Reads one message as it came: bytes, bytearray, memoryview or email.message.Message.

    Returns a Report: its kind, and one Record for each recipient it reports on. Ordinary mail has kind 'other' and no
    records; malformed mail is never an error.

    >>> import komainu
    >>> raw = b'''From: MAILER-DAEMON@mx.example.org
    ... Subject: Undelivered Mail Returned to Sender
    ... Content-Type: multipart/report; report-type=delivery-status; boundary=b
    ...
    ... --b
    ... Content-Type: message/delivery-status
    ...
    ... Reporting-MTA: dns; mx.example.org
    ...
    ... Final-Recipient: rfc822; nobody@example.jp
    ... Action: failed
    ... Status: 5.1.1
    ... Diagnostic-Code: smtp; 550 5.1.1 <nobody@example.jp>: User unknown
    ...
    ... --b--
    ... '''
    >>> for record in komainu.parse(raw):
    ...     print(record.recipient, record.reason, record.hard, record.advice)
    nobody@example.jp userunknown True suppress
    """

def parse_many(
    messages: Iterable[_Message], /, *, threads: int | None = None, ahead: int | None = None
) -> ReportIterator:
    r"""Reads many messages over several threads and gives their reports one by one, in the order of the messages.

    Each message is what parse() takes. The messages may come from a generator: no more than `ahead` of them (64 for
    each thread) are read before the first report of them is asked for. `threads` is the number of cores by default.

    An error of the iterable comes after the reports of the messages before it.

    >>> import komainu
    >>> mails = [b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\n"]
    >>> [report.kind.value for report in komainu.parse_many(mails)]
    ['other', 'other']
    """

def scan(
    *paths: StrPath | tuple[str, bytes | bytearray | memoryview],
    threads: int | None = None,
    layout: _Layout = "auto",
) -> Scan:
    """Reads every message under some paths, over several threads, and gives them one by one in a fixed order.

    A path is a file (one message, or an mbox), a folder with all below it, a Maildir, or any of these compressed by
    gzip, Zstandard, xz or bzip2, or in a zip archive. layout='message' or 'mbox' says what files are, where their content does not
    tell. Memory does not grow with the size of a mailbox. What lies in memory already, such as an object of a store or
    a file that Spark has read, is given as a pair (name, bytes).

    Each item is a ScannedMail: source, index, offset, and the report. A path that does not exist raises
    FileNotFoundError. What cannot be read is noted in `problems` of the iterator, and the scan goes on:

    >>> import komainu
    >>> scan = komainu.scan("/var/mail/bounces")  # doctest: +SKIP
    >>> for mail in scan:  # doctest: +SKIP
    ...     for record in mail.report:
    ...         print(mail.source, mail.index, record.recipient, record.reason)
    >>> scan.problems  # doctest: +SKIP
    []
    """

def to_arrow(records: Iterable[Record] | Iterable[Report] | Iterable[ScannedMail], /) -> ArrowTable:
    r"""Collects records in a table of columns.

    Takes an iterable of Record, Report or ScannedMail, such as a report, parse_many(...) or scan(...). The columns are
    the record's keys; records of a scan have source, index and offset before them.

    The table speaks the Arrow C data interface, so pyarrow.table(t), polars.DataFrame(t), pandas.DataFrame.from_arrow(t)
    and DuckDB's FROM t take it without a copy.

    >>> import komainu
    >>> table = komainu.to_arrow(komainu.parse_many([b"Subject: hello\r\n\r\n"]))
    >>> table.num_rows
    0
    >>> table.column_names[:4]
    ['id', 'kind', 'recipient', 'recipient_source']
    """

def classify(
    text: str,
    /,
    *,
    provider: str | None = None,
    command: str | None = None,
    status: str | None = None,
    date: str | datetime.date | None = None,
    format: str | None = None,
) -> Verdict:
    """Decides one SMTP reply; the lines of one reply belong together.

    What is known beside the text sharpens the answer: who runs the mailbox ('google', 'docomo', …, as records name it, or
    a domain of theirs; it goes before what the words say), the command that the reply answered (a Command: 'RCPT',
    'DATA', …), an enhanced status code from elsewhere, the date (date, datetime, or str as '2014-01-01'), and the
    report format.

    >>> import komainu
    >>> verdict = komainu.classify("550 5.1.1 <nobody@example.jp>: User unknown")
    >>> print(verdict.reason, verdict.hard, verdict.blame, verdict.advice)
    userunknown True recipient suppress
    """

def verp_address(path: str, recipient: str, /, *, ids: Sequence[str] | None = None, secret: str = "") -> str:
    """Gives the address for MAIL FROM that names the recipient (VERP), so that a report tells whom it is about.

    path is a pattern with {local} and {domain}, and perhaps {id} and {token}, or a plain return path, which is extended in
    Postfix's way. ids fill the {id}s from the left; secret makes the {token} that a verifier checks.

    Raises ValueError where the address would not be read back as it was made.

    >>> import komainu
    >>> komainu.verp_address("news@example.org", "taro@example.jp")
    'news+taro=example.jp@example.org'
    """

def batv_address(address: str, /, *, number: int, secret: str, now: int | None = None) -> str:
    """Gives the address for MAIL FROM with a tag that only the secret makes, valid for seven days
    (BATV, draft-levine-smtp-batv-01).

    number (0 to 9) tells keys apart while one replaces another; now is the time in seconds since 1970, the system's by
    default.

    Raises ValueError for a wrong number, an empty secret, or an address that cannot carry a tag.

    >>> import komainu
    >>> komainu.batv_address("news@example.org", number=1, secret="a secret", now=1_764_547_200)[:9]
    'prvs=1430'
    """

def original_sender(address: str, /) -> str:
    """Gives the address before BATV tagged it and forwarders rewrote it (SRS), in whatever order and depth.

    >>> import komainu
    >>> komainu.original_sender("SRS0=x9Lm=7B=example.org=news@forwarder.example")
    'news@example.org'
    """

def _command(arguments: list[str]) -> int: ...
def _closed_lists() -> dict[str, list[str]]: ...
def _panic_for_test() -> None: ...
def _parse_all(messages: list[bytes]) -> int: ...
def _reason_facts(reason: str) -> tuple[bool, Blame, Advice, str, str, str]: ...
def _reason_name(reason: str, system: str) -> str | None: ...
def _reason_systems() -> list[str]: ...
