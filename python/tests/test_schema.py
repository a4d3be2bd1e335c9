"""What comes out, here and in the blessed answers of all surfaces, is what schema/record.json describes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import jsonschema
import pytest

import komainu

import cases

SCHEMA: dict[str, Any] = json.loads((cases.ROOT / "schema" / "record.json").read_text(encoding="utf-8"))


def validator(definition: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{definition}"})


def wrong(value: Any, checks: jsonschema.Draft202012Validator) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in checks.iter_errors(value)]


def test_the_schema_is_a_schema_and_of_this_version() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"].endswith(f"record-{komainu.SCHEMA_VERSION}.json")


def test_a_key_too_many_or_too_few_is_seen() -> None:
    bounce = next(mail for mail in cases.mails() if mail.name.startswith("bounce/"))
    record = json.loads(bounce.expected())["records"][0]
    assert not wrong(record, validator("record"))
    assert wrong({**record, "more": None}, validator("record"))
    assert wrong({key: value for key, value in record.items() if key != "hard"}, validator("record"))
    assert wrong({**record, "reason": "no-such-reason"}, validator("record"))


def test_reports_fit() -> None:
    checks = validator("report")
    for mail in cases.mails():
        assert not wrong(komainu.parse(mail.lf()).to_dict(), checks), mail.name
        # Every surface gives these bytes, or its own test of the shared cases fails.
        assert not wrong(json.loads(mail.expected()), checks), mail.name


def test_verdicts_fit() -> None:
    checks = validator("verdict")
    for reply in cases.replies():
        hints: dict[str, Any] = reply.hints
        assert not wrong(komainu.classify(reply.text, **hints).to_dict(), checks), reply.name
        assert not wrong(json.loads(reply.verdict), checks), reply.name


@pytest.mark.parametrize("log", sorted((cases.CASES / "log").glob("*.ndjson")), ids=lambda path: path.stem)
def test_records_of_logs_fit(log: Any) -> None:
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines
    for line in lines:
        assert not wrong(json.loads(line), validator("record")), line


def test_the_commands_lines_fit_behind_where_they_were_found() -> None:
    command = [sys.executable, "-m", "komainu", "parse", str(cases.CASES), "--format", "ndjson"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    checks, lines = validator("record"), done.stdout.splitlines()
    assert len(lines) > len(cases.mails()) / 2
    for line in lines:
        record = json.loads(line)
        assert list(record)[:3] == ["source", "index", "offset"]
        assert not wrong({key: record[key] for key in list(record)[3:]}, checks), record["source"]
