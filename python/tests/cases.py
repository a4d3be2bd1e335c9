"""The cases that every surface of komainu shares: where they are, how they vary, and what is expected to fail."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
NEWLINES = {"LF": b"\n", "CRLF": b"\r\n", "CR": b"\r"}
SURFACE = "python"


@dataclass(frozen=True)
class Mail:
    """One mail, and the report that every surface must give for it."""

    name: str
    path: Path

    def lf(self) -> bytes:
        return self.path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def with_newlines(self, newline: str) -> bytes:
        return self.lf().replace(b"\n", NEWLINES[newline])

    def expected(self) -> str:
        return compact(json.loads(self.path.with_suffix(".json").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Reply:
    """One SMTP reply with its hints, and the verdict on it."""

    name: str
    text: str
    hints: dict[str, str]
    verdict: str


def mails() -> list[Mail]:
    files = sorted(CASES.glob("*/*.eml"))
    return [Mail(path.relative_to(CASES).with_suffix("").as_posix(), path) for path in files]


def replies() -> list[Reply]:
    found = []
    with (CASES / "replies.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            hints = dict(case["ask"])
            found.append(Reply(case["name"], hints.pop("text"), hints, compact(case["verdict"])))
    return found


def compact(value: Any) -> str:
    """JSON as the core writes it: keys in their order, no white space, other scripts as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def expected_failure(name: str) -> str | None:
    """Why a case is known to fail here, or None."""
    with (ROOT / "tests" / "expected_failures.toml").open("rb") as file:
        entries = tomllib.load(file).get("expected", [])
    for entry in entries:
        if entry["case"] == name and entry["surface"] in (SURFACE, "*"):
            return str(entry["why"])
    return None
