"""parse_many: order, laziness, errors, threads."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

import komainu

import cases

if TYPE_CHECKING:
    from collections.abc import Iterator

wrongly: Any = komainu


def mail(number: int) -> bytes:
    """A bounce whose one record names its number."""
    return f"""From: MAILER-DAEMON@mx.example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; user{number}@example.jp
Action: failed
Status: 5.1.1

--b--
""".encode()


def numbers(reports: Iterator[komainu.Report]) -> list[str | None]:
    return [report.records[0].recipient for report in reports]


@pytest.mark.parametrize("threads", [1, 2, 7, None])
@pytest.mark.parametrize("ahead", [1, 3, 1000, None])
def test_reports_come_in_the_order_of_the_messages(threads: int | None, ahead: int | None) -> None:
    # Sizes differ, so that later messages are ready before earlier ones.
    mails = [mail(number) + b"x" * (number % 7 * 5000) for number in range(300)]
    want = [f"user{number}@example.jp" for number in range(300)]
    assert numbers(komainu.parse_many(mails, threads=threads, ahead=ahead)) == want
    assert numbers(komainu.Analyzer().parse_many(iter(mails), threads=threads, ahead=ahead)) == want


def test_shared_cases_are_the_same_as_one_by_one() -> None:
    mails = [case.with_newlines(newline) for case in cases.mails() for newline in cases.NEWLINES]
    assert mails
    assert list(komainu.parse_many(mails)) == [komainu.parse(raw) for raw in mails]


def test_a_generator_is_read_no_further_ahead_than_asked() -> None:
    read = 0

    def source() -> Iterator[bytes]:
        nonlocal read
        for number in itertools.count():
            read += 1
            yield mail(number)

    reports = komainu.parse_many(source(), threads=2, ahead=10)
    assert read == 0
    for number in range(100):
        assert next(reports).records[0].recipient == f"user{number}@example.jp"
        assert number < read <= number + 1 + 10


def test_a_slow_source_gets_its_reports_without_waiting_for_the_whole_window() -> None:
    given = 0

    def source() -> Iterator[bytes]:
        nonlocal given
        for number in range(20):
            time.sleep(0.02)
            given += 1
            yield mail(number)

    late = []
    for seen, _ in enumerate(komainu.parse_many(source()), start=1):
        late.append(given - seen)
    assert len(late) == 20
    # Two threads read one message each before the first report is asked for; never sixteen, as in a batch.
    assert max(late) <= 4


def test_an_error_of_the_source_comes_after_the_reports_before_it() -> None:
    def source() -> Iterator[bytes]:
        for number in range(40):
            yield mail(number)
        raise OSError("connection lost")

    reports = komainu.parse_many(source())
    assert len([next(reports) for _ in range(40)]) == 40
    with pytest.raises(OSError, match="connection lost"):
        next(reports)
    with pytest.raises(StopIteration):
        next(reports)


def test_a_message_of_a_wrong_type_is_named_in_its_place() -> None:
    reports = wrongly.parse_many([mail(0), "Subject: x"])
    assert next(reports).records[0].recipient == "user0@example.jp"
    with pytest.raises(TypeError, match="not str; a str has lost"):
        next(reports)


def test_all_holders_of_bytes_may_be_mixed() -> None:
    raw = mail(1)
    reports = komainu.parse_many([raw, bytearray(raw), memoryview(raw)])
    assert numbers(reports) == ["user1@example.jp"] * 3


@pytest.mark.parametrize("one", [b"Subject: x", bytearray(b"x"), memoryview(b"x"), "x", 3])
def test_one_message_is_not_many(one: Any) -> None:
    with pytest.raises(TypeError, match=r"parse_many\(\) takes an iterable of messages; parse\(\) takes one"):
        komainu.parse_many(one)


def test_numbers_are_checked() -> None:
    with pytest.raises(ValueError, match="threads is a number from 1 on"):
        komainu.parse_many([], threads=0)
    with pytest.raises(ValueError, match="ahead is a number of messages from 1 on"):
        komainu.parse_many([], ahead=0)
    with pytest.raises(ValueError, match="threads is a number from 1 on, or None, not -1"):
        komainu.parse_many([], threads=-1)
    with pytest.raises(TypeError, match="ahead is a number of messages from 1 on, or None, not str"):
        wrongly.parse_many([], ahead="3")
    assert list(komainu.parse_many([])) == []


def test_an_iterator_may_be_dropped_at_any_point() -> None:
    before = threading.active_count()
    for taken in range(20):
        reports = komainu.parse_many((mail(number) for number in itertools.count()), threads=2)
        for _ in range(taken):
            next(reports)
        del reports
    assert threading.active_count() == before


def test_other_python_threads_run_meanwhile() -> None:
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=tick)
    thread.start()
    big = mail(0) + b"x" * 5_000_000
    list(komainu.parse_many([big] * 20))
    done.set()
    thread.join()
    assert ticks > 1


def test_two_threads_cannot_advance_one_iterator_at_once() -> None:
    inside, leave = threading.Event(), threading.Event()

    def source() -> Iterator[bytes]:
        inside.set()
        leave.wait(60)
        yield mail(0)

    reports = komainu.parse_many(source())
    first: list[komainu.Report] = []
    thread = threading.Thread(target=lambda: first.append(next(reports)))
    thread.start()
    assert inside.wait(60)
    with pytest.raises(ValueError, match="advanced by another thread"):
        next(reports)
    leave.set()
    thread.join()
    assert first[0].records[0].recipient == "user0@example.jp"
