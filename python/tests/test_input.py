"""What parse, classify and Analyzer take, and what they say to anything else."""

from __future__ import annotations

import datetime
import email
import email.policy
import io
import mailbox
import pickle
import threading
from pathlib import Path
from typing import Any

import pytest

import komainu

import cases

MAILS = cases.mails()
# What type checkers refuse, too.
wrongly: Any = komainu
each_mail = pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.name)


@each_mail
def test_every_holder_of_bytes_gives_the_same_report(mail: cases.Mail) -> None:
    raw = mail.lf()
    want = komainu.parse(raw)
    assert komainu.parse(bytearray(raw)) == want
    assert komainu.parse(memoryview(raw)) == want
    assert komainu.parse(memoryview(b"xx" + raw)[2:]) == want
    assert komainu.parse(memoryview(b"".join(bytes((byte, 0)) for byte in raw))[::2]) == want


@each_mail
@pytest.mark.parametrize("policy", [email.policy.compat32, email.policy.default, email.policy.SMTP])
def test_message_objects_give_the_same_report(mail: cases.Mail, policy: Any) -> None:
    raw = mail.lf()
    message = email.message_from_bytes(raw, policy=policy)
    assert komainu.parse(message) == komainu.parse(raw)


def test_messages_of_a_mailbox_are_taken(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "bounces.mbox")
    for mail in MAILS:
        box.add(mail.lf())
    box.flush()
    assert [komainu.parse(message) for message in box] == [komainu.parse(mail.lf()) for mail in MAILS]
    box.close()


def test_a_message_that_cannot_be_encoded_is_still_read() -> None:
    message = email.message_from_string(
        "Subject: x\nContent-Type: text/plain; charset=us-ascii\n\n宛先不明\n"
    )
    assert komainu.parse(message).kind == "other"
    message = email.message_from_string(
        "Subject: x\nContent-Type: text/plain; charset=no-such-charset\n\n宛先不明\n"
    )
    assert komainu.parse(message).kind == "other"


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ("Subject: x\n\n", "not str; a str has lost the message's charsets: open the file with mode 'rb'"),
        (Path("x.eml"), "pass path.read_bytes(), or scan(path)"),
        (io.BytesIO(b"x"), "not BytesIO; pass file.read()"),
        (None, "not NoneType"),
        ([b"x"], "not list"),
    ],
)
def test_other_types_are_refused_with_what_to_pass(wrong: Any, advice: str) -> None:
    for parse in (komainu.parse, komainu.Analyzer().parse):
        with pytest.raises(
            TypeError, match="a message is bytes, bytearray, memoryview or email.message.Message"
        ) as caught:
            parse(wrong)
        assert advice in str(caught.value)


def test_bytearrays_may_change_while_others_parse() -> None:
    raw = bytearray(b"Subject: x\r\n\r\n" + b"x" * 1_000_000)
    threads = [threading.Thread(target=komainu.parse, args=(raw,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    raw += b"more"
    for thread in threads:
        thread.join()


def test_classify_takes_words_and_dates_of_all_kinds() -> None:
    text = "550 Unknown user"
    want = komainu.classify(text, provider="docomo", command="DATA", date="2014-01-01")
    assert (
        komainu.classify(
            text, provider="docomo", command=komainu.Command.DATA, date=datetime.date(2014, 1, 1)
        )
        == want
    )
    when = datetime.datetime(2014, 1, 1, tzinfo=datetime.timezone.utc)
    # Evidence quotes the date as it was given, so that only the decision is the same.
    timed = komainu.Analyzer().classify(text, provider="docomo", command="DATA", date=when)
    assert (timed.reason, timed.decided_by, timed.hard) == (want.reason, want.decided_by, want.hard)
    assert want.command is komainu.Command.DATA
    assert komainu.classify("550 \udce5 no such user").reason == komainu.classify("550 ? no such user").reason


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: wrongly.classify(b"550 no"), TypeError, "a reply is str, not bytes; pass reply.decode"),
        (lambda: wrongly.classify(550), TypeError, "a reply is str, not int"),
        (
            lambda: wrongly.classify("550", command="DATUM"),
            ValueError,
            '"DATUM" is no Command; use one of CONN, EHLO',
        ),
        (lambda: wrongly.classify("550", date=20140101), TypeError, "date is str ('YYYY-MM-DD' or RFC 3339)"),
        (lambda: wrongly.classify("550", "docomo"), TypeError, "positional argument"),
        (lambda: wrongly.Analyzer(headers="X-Campaign"), TypeError, "headers is a list of header names"),
        (lambda: wrongly.Analyzer(headers=[1]), TypeError, "headers is a list of header names"),
        (lambda: wrongly.Analyzer(limits=3), TypeError, "limits is a mapping of names to numbers"),
        (
            lambda: wrongly.Analyzer(limits={"max_mail": 3}),
            ValueError,
            '"max_mail" is no limit; use one of max_bytes',
        ),
        (
            lambda: wrongly.Analyzer(limits={"max_bytes": -3}),
            TypeError,
            "max_bytes is a whole number from 1 on, not -3",
        ),
        (lambda: wrongly.Analyzer(limits={"max_parts": 0}), ValueError, "the limit of parts is 0"),
        (lambda: wrongly.Analyzer(limit={}), TypeError, "limit"),
    ],
)
def test_bad_arguments_say_what_to_pass(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


def test_an_analyzer_shows_and_keeps_its_options() -> None:
    analyzer = komainu.Analyzer(headers=("X-Campaign",), limits={"max_bytes": 1000})
    assert repr(analyzer) == "Analyzer(headers=['X-Campaign'], limits={'max_bytes': 1000})"
    assert repr(pickle.loads(pickle.dumps(analyzer))) == repr(analyzer)
    assert repr(komainu.Analyzer()) == "Analyzer()"


def test_a_panic_is_an_ordinary_exception() -> None:
    with pytest.raises(RuntimeError, match="on purpose.*report it as a bug"):
        komainu._native._panic_for_test()
