"""A program as users write it, for the type checkers: what it infers must be what it says."""

from __future__ import annotations

from email.message import EmailMessage

from typing_extensions import assert_type

import komainu


def addresses_to_suppress(raw: bytes) -> list[str]:
    report = komainu.parse(raw)
    assert_type(report.kind, komainu.Kind)
    found: list[str] = []
    for record in report:
        assert_type(record.reason, komainu.Reason)
        assert_type(record.reply_code, "int | None")
        assert_type(record.evidence, "tuple[komainu.Evidence, ...]")
        if record.advice is komainu.Advice.SUPPRESS and record.recipient is not None:
            found.append(record.recipient)
    return found


def reason_of(reply: str) -> str:
    verdict = komainu.classify(reply, provider="google", command=komainu.Command.RCPT)
    assert_type(verdict.reason.name_in("ses"), "str | None")
    return verdict.reason.definition


def headers_of(message: EmailMessage) -> dict[str, str]:
    analyzer = komainu.Analyzer(headers=["X-Campaign"], limits={"max_bytes": 1_000_000})
    merged: dict[str, str] = {}
    for record in analyzer.parse(message).records:
        merged.update(record.headers or {})
    return merged


def test_the_program_runs() -> None:
    assert addresses_to_suppress(b"Subject: hello\n\nhello") == []
    assert reason_of("550 no").endswith(".")
    assert headers_of(EmailMessage()) == {}
