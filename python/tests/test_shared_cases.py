"""The wheel gives the same JSON, byte for byte, as every other surface."""

from __future__ import annotations

import json
import os.path
from typing import Any

import pytest

import komainu

import cases


class Driver:
    """Compares answers with the blessed ones, counts them, and honours the list of expected failures."""

    def __init__(self) -> None:
        self.passed = 0
        self.wrong: list[str] = []

    def compare(self, case: str, variant: str, got: str, want: str) -> None:
        why = cases.expected_failure(case)
        if (got == want) == (why is None):
            self.passed += 1
        elif why is not None:
            self.wrong.append(f"{case} ({variant}) passes, and is expected to fail: {why}")
        else:
            start = max(0, len(os.path.commonprefix([got, want])) - 60)
            got, want = got[start : start + 160], want[start : start + 160]
            self.wrong.append(f"{case} ({variant}):\n  want …{want}\n   got …{got}")


def test_every_case_gives_its_blessed_report(capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver()
    mails, replies = cases.mails(), cases.replies()
    for mail in mails:
        want = mail.expected()
        for newline in cases.NEWLINES:
            report = komainu.parse(mail.with_newlines(newline))
            driver.compare(mail.name, newline, report.to_json(), want)
    for reply in replies:
        hints: dict[str, Any] = reply.hints
        driver.compare(reply.name, "reply", komainu.classify(reply.text, **hints).to_json(), reply.verdict)
    with capsys.disabled():
        print(f"\nshared cases {cases.SURFACE}: {driver.passed} passed, {len(driver.wrong)} failed")
    assert not driver.wrong, "\n".join([f"{len(driver.wrong)} differ:", *driver.wrong[:10]])
    assert mails
    assert replies
    assert driver.passed == len(mails) * len(cases.NEWLINES) + len(replies)


@pytest.mark.parametrize("mail", cases.mails(), ids=lambda mail: mail.name)
def test_every_way_out_of_a_report_says_the_same(mail: cases.Mail) -> None:
    report = komainu.parse(mail.lf())
    assert report.to_dict() == json.loads(report.to_json())
    assert komainu.Report.from_dict(report.to_dict()) == report
    assert [record.to_dict() for record in report] == report.to_dict()["records"]
    assert report.kind == report.to_dict()["kind"]
    for record in report.records:
        assert record.to_dict() == json.loads(record.to_json())
        plain = record.to_dict()
        for key in set(plain) - {"evidence", "also", "feedback"}:
            assert getattr(record, key) == plain[key]
        assert list(record.also) == plain["also"]
        assert [piece.to_dict() for piece in record.evidence] == plain["evidence"]
        assert (record.feedback and record.feedback.to_dict()) == plain["feedback"]
