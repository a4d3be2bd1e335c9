"""scan: files, folders, mailboxes and archives, with what could not be read."""

from __future__ import annotations

import gzip
import json
import mailbox
import pickle
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from test_many import mail

import komainu

import cases

if TYPE_CHECKING:
    from pathlib import Path

wrongly: Any = komainu


@pytest.fixture
def mbox(tmp_path: Path) -> Path:
    path = tmp_path / "bounces.mbox"
    box = mailbox.mbox(path)
    for number in range(150):
        box.add(mail(number))
    box.close()
    return path


def recipients(scan: komainu.Scan) -> list[str | None]:
    return [record.recipient for found in scan for record in found.report]


WANT = [f"user{number}@example.jp" for number in range(150)]


@pytest.mark.parametrize("threads", [1, 2, None])
def test_an_mbox_is_read_in_order(mbox: Path, threads: int | None) -> None:
    scan = komainu.scan(mbox, threads=threads)
    found = list(scan)
    assert [mail.index for mail in found] == list(range(150))
    assert {mail.source for mail in found} == {str(mbox)}
    assert [mail.report.records[0].recipient for mail in found] == WANT
    assert scan.problems == []
    data = mbox.read_bytes()
    assert all(data[mail.offset :].startswith(b"From ") for mail in found)
    assert repr(found[0]).startswith(f"ScannedMail(source='{mbox}', index=0, offset=0, report=Report(")


def test_paths_may_be_str_and_several(mbox: Path) -> None:
    assert recipients(komainu.scan(str(mbox), mbox)) == WANT * 2
    assert recipients(komainu.Analyzer().scan(mbox)) == WANT


def test_archives_are_read(mbox: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    packed.mkdir()
    (packed / "old.mbox.gz").write_bytes(gzip.compress(mbox.read_bytes()))
    with zipfile.ZipFile(packed / "older.zip", "w") as archive:
        archive.writestr("inner.mbox", mbox.read_bytes())
    scan = komainu.scan(packed)
    assert recipients(scan) == WANT * 2
    assert scan.problems == []


def test_what_lies_in_memory_is_read(mbox: Path) -> None:
    data = mbox.read_bytes()
    scan = komainu.scan(("store/old", gzip.compress(data)), mbox, ("store/new", bytearray(data)), threads=1)
    found = list(scan)
    assert [mail.source for mail in found] == ["store/old"] * 150 + [str(mbox)] * 150 + ["store/new"] * 150
    assert [mail.offset for mail in found[:150]] == [mail.offset for mail in found[300:]]
    assert scan.problems == []
    assert recipients(komainu.scan(("row", memoryview(data)))) == WANT
    for wrong in (("name",), ("name", "text"), (b"name", b"")):
        with pytest.raises(TypeError, match=r"a pair \(name, bytes\), and several paths as scan\(\*paths\)"):
            wrongly.scan(wrong)


def test_what_is_no_path_is_refused_with_what_to_pass(mbox: Path) -> None:
    data = mbox.read_bytes()
    with mbox.open("rb") as file:
        for wrong, hint in (
            (data, r"not bytes; a mailbox in memory is scan\(\(name, data\)\)"),
            (memoryview(data), "not memoryview; a mailbox in memory"),
            (file, r"not BufferedReader; pass the path, or \(name, file.read\(\)\)"),
            ([mbox], r"not list; several paths are scan\(\*paths\)"),
            (None, r"and pairs \(name, bytes\), not NoneType$"),
        ):
            with pytest.raises(TypeError, match=r"scan\(\) takes paths \(str or os.PathLike\).*" + hint):
                wrongly.scan(wrong)


def test_a_mail_is_a_value_and_pickles(mbox: Path) -> None:
    first, second = list(komainu.scan(mbox))[:2]
    again = pickle.loads(pickle.dumps(first))
    assert again == first == next(komainu.scan(mbox))
    assert hash(again) == hash(first)
    assert (again.source, again.index, again.offset, again.report) == (str(mbox), 0, 0, first.report)
    assert first != second
    assert second != next(komainu.scan(("elsewhere", mbox.read_bytes())))


def test_a_maildir_is_read(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "Maildir")
    for number in range(5):
        box.add(mail(number))
    assert sorted(map(str, recipients(komainu.scan(tmp_path / "Maildir")))) == WANT[:5]


def test_rows_are_the_lines_of_the_command(mbox: Path) -> None:
    row = next(komainu.scan(mbox)).to_dicts()[0]
    assert list(row)[:4] == ["source", "index", "offset", "id"]
    assert komainu.Record.from_dict(row).recipient == "user0@example.jp"
    json.dumps(row)


def test_what_cannot_be_read_is_noted_and_the_scan_goes_on(mbox: Path) -> None:
    folder = mbox.parent
    (folder / "a-broken.gz").write_bytes(gzip.compress(mbox.read_bytes())[:300])
    scan = komainu.scan(folder)
    assert recipients(scan)[-150:] == WANT
    (problem,) = scan.problems
    assert problem.kind in ("damaged", "unreadable")
    assert problem.source.endswith("a-broken.gz")
    assert problem.message in str(problem)
    assert repr(problem).startswith("ScanProblem(kind=")


def test_the_limits_of_an_analyzer_hold_for_a_scan(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail(1))
    (found,) = komainu.Analyzer(limits={"max_bytes": 64}).scan(path)
    assert found.report.limits == (komainu.Limit.BYTES,)


def test_more_threads_than_there_can_be_are_not_started(mbox: Path) -> None:
    assert recipients(komainu.scan(mbox, threads=100_000)) == WANT
    reports = komainu.parse_many((mail(number) for number in range(3)), threads=100_000, ahead=3)
    assert len(list(reports)) == 3


def test_layouts(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(
        b"From nobody Thu Jan  1 00:00:00 2026\n" + mail(0) + b"\nFrom x Thu Jan  1 00:00:00 2026\n" + mail(1)
    )
    assert len(list(komainu.scan(path))) == 2
    assert len(list(komainu.scan(path, layout="message"))) == 1
    with pytest.raises(ValueError, match='"maildir" is no layout; use one of auto, message, mbox'):
        wrongly.scan(path, layout="maildir")


def test_wrong_paths_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no-such"):
        komainu.scan(tmp_path / "no-such")
    with pytest.raises(TypeError, match="at least one path"):
        komainu.scan()
    with pytest.raises(TypeError):
        wrongly.scan(3)
    with pytest.raises(ValueError, match="threads is a number from 1 on"):
        komainu.scan(tmp_path, threads=0)
    assert list(komainu.scan(tmp_path)) == []


def test_shared_cases_are_the_same_from_disk() -> None:
    found = {mail.source: mail.report for mail in komainu.scan(cases.CASES) if mail.source.endswith(".eml")}
    assert found == {str(case.path): komainu.parse(case.path.read_bytes()) for case in cases.mails()}
