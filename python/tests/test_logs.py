"""LogReader: the shared logs, its options, and what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import komainu
from komainu import LogFormat, LogReader

import cases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

wrongly: Any = komainu
LOGS = sorted(path for path in (cases.CASES / "log").iterdir() if path.suffix != ".ndjson")
LINE = (
    "Nov 21 10:00:01 mail postfix/smtp[9]: 4C7D1: to=<taro@example.jp>, relay=mx.example.jp[192.0.2.1]:25, delay=1, "
    "dsn=5.1.1, status=bounced (host mx.example.jp[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command))"
)


def read(path: Path, **options: Any) -> list[komainu.Record]:
    reader = LogReader(year=2026, **options)
    records = [record for line in path.read_bytes().splitlines() for record in reader.push(line)]
    return [*records, *reader.finish()]


def test_every_log_gives_its_blessed_records(capsys: pytest.CaptureFixture[str]) -> None:
    passed, failed = 0, 0
    for path in LOGS:
        want = path.with_suffix(".ndjson").read_text(encoding="utf-8").splitlines()
        same = [record.to_json() for record in read(path)] == want
        passed, failed = passed + same, failed + (not same)
        assert want
    with capsys.disabled():
        print(f"\nshared cases {cases.SURFACE}-logs: {passed} passed, {failed} failed")
    assert (passed, failed) == (len(LOGS), 0)
    assert len(LOGS) >= 7


# A log is named after the one server that wrote it; what a collector gathered from several is not.
OF_ONE_SERVER = [path for path in LOGS if path.stem in {known.value for known in LogFormat}]


@pytest.mark.parametrize("path", OF_ONE_SERVER, ids=lambda path: path.stem)
def test_a_format_may_be_said_beforehand(path: Path) -> None:
    assert read(path, format=LogFormat(path.stem)) == read(path)
    other = "exim" if path.stem != "exim" else "postfix"
    assert read(path, format=other) == []


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_an_open_file_is_read_to_its_end(path: Path) -> None:
    with path.open("rb") as file:
        assert list(LogReader(year=2026).read(file)) == read(path)
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        assert list(LogReader(year=2026).read(file)) == read(path)


def test_an_error_of_the_lines_comes_after_the_records_before_it() -> None:
    def lines() -> Iterator[str]:
        yield LINE
        raise OSError("the disk is gone")

    records = LogReader().read(lines())
    assert next(records).recipient == "taro@example.jp"
    with pytest.raises(OSError, match="the disk is gone"):
        next(records)
    assert list(records) == []


def test_lines_may_be_str_or_bytes_of_any_charset() -> None:
    for line in (
        LINE,
        LINE.encode(),
        LINE + "\r\n",
        LINE.encode().replace(b"User", b"Us\xe9r"),
        LINE.replace("User", "Us\udce9r"),
    ):
        (record,) = LogReader().push(line)
        assert record.recipient == "taro@example.jp"
        assert record.reason is komainu.Reason.USERUNKNOWN or "User" not in str(line)


def test_stamps_get_their_year_and_offset() -> None:
    (record,) = LogReader(year=2026, timezone="+09:00").push(LINE)
    assert record.timestamp == "2026-11-21T10:00:01+09:00"
    (record,) = LogReader().push(LINE)
    assert record.timestamp is None


def test_an_analyzer_gives_its_options() -> None:
    analyzer = komainu.Analyzer(address_book={"taro@example.jp": "whitelisted"})
    (record,) = LogReader(analyzer=analyzer).push(LINE)
    assert record.address_status is komainu.AddressStatus.WHITELISTED


def test_it_counts_lines() -> None:
    reader = LogReader()
    reader.push("something else")
    reader.push(LINE)
    assert (reader.lines, reader.understood, reader.unreadable) == (2, 1, 0)
    assert repr(reader) == "LogReader(2 lines, 1 understood)"
    assert reader.finish() == []


def test_it_counts_what_cannot_be_read() -> None:
    reader = LogReader()
    assert reader.push('{"type":"Bounce","id":"d7ef') == []
    assert (reader.lines, reader.understood, reader.unreadable) == (1, 0, 1)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: wrongly.LogReader(format="sendgrid"),
            ValueError,
            '"sendgrid" is no LogFormat; use one of postfix, exim',
        ),
        (
            lambda: wrongly.LogReader(timezone="JST"),
            ValueError,
            '"JST" is no time zone; write an offset such as +09:00',
        ),
        (lambda: wrongly.LogReader(year="2026"), TypeError, "year is a year such as 2026, or None, not str"),
        (lambda: wrongly.LogReader(year=-1), ValueError, "not -1"),
        (lambda: wrongly.LogReader(analyzer=3), TypeError, "'Analyzer'"),
        (lambda: wrongly.LogReader().push(3), TypeError, "a line of a log is str or bytes, not int"),
        (
            lambda: wrongly.LogReader().read("mail.log"),
            TypeError,
            "read() takes the lines of a log, such as an open file, not str",
        ),
        (lambda: wrongly.LogReader().read(None), TypeError, "not NoneType"),
        (lambda: list(wrongly.LogReader().read([3])), TypeError, "a line of a log is str or bytes, not int"),
    ],
)
def test_mistakes_are_named(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
