"""Memory over many calls, and calls from many threads at once.

KOMAINU_CALLS sets how many calls.
"""

from __future__ import annotations

import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import komainu

import cases

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = int(os.environ.get("KOMAINU_CALLS", "10000"))
# What an allocator keeps for itself moves by a few hundred KiB; a leak of sixteen bytes a call would be more than this
# over the million calls that SECURITY.md reports, and one of a record is more over any number.
MOST = 8 << 20


def resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def parse(mail: bytes) -> object:
    return komainu.parse(mail)


def every_way_out(mail: bytes) -> object:
    report = komainu.parse(mail)
    return report.to_json(), report.to_dict(), [record.evidence for record in report]


def classify(mail: bytes) -> object:
    return komainu.classify(mail[:200].decode("latin-1"))


def fails(mail: bytes) -> object:
    with pytest.raises(TypeError):
        return komainu.parse(len(mail))  # type: ignore[arg-type]
    return None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("work", [parse, every_way_out, classify, fails])
def test_memory_does_not_grow(work: Callable[[bytes], object]) -> None:
    mails = [mail.lf() for mail in cases.mails()]
    after = []
    # The first round fills what is kept for good: tables, arenas, the interpreter's free lists.
    for part in range(3):
        for number in range(CALLS // 10 if part == 0 else CALLS // 2):
            work(mails[number % len(mails)])
        after.append(resident())
    print(f"{work.__name__}: {CALLS} calls, {(after[-1] - after[0]) / 1024:+.0f} KiB")
    assert after[-1] - after[0] < MOST, after


def test_threads_give_what_one_gives() -> None:
    mails = cases.mails() * 4
    want = [mail.expected() for mail in mails]
    analyzer = komainu.Analyzer()
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda mail: analyzer.parse(mail.lf()).to_json(), mails))
    expected = [cases.expected_failure(mail.name) is None for mail in mails]
    assert [text for text, good in zip(got, expected) if good] == [
        text for text, good in zip(want, expected) if good
    ]
