"""The frames and the notebook, on the example mails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frames

import komainu

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).parent
MAILS = str(HERE.parent / "mails")


def rows() -> list[dict[str, Any]]:
    return [row for mail in komainu.scan(MAILS) for row in mail.to_dicts()]


def test_all_frames_have_the_same_rows() -> None:
    want = [row["recipient"] for row in rows()]
    assert len(want) >= 6
    assert frames.polars_frame(MAILS)["recipient"].to_list() == want
    assert frames.pandas_frame(MAILS)["recipient"].tolist() == want


def test_timestamps_are_timestamps() -> None:
    frame = frames.polars_frame(MAILS)
    assert frame["timestamp"].null_count() == sum(row["timestamp"] is None for row in rows())
    assert str(frame["timestamp"].dtype) == "Datetime(time_unit='us', time_zone='UTC')"


def test_counts_are_those_of_the_records() -> None:
    counted = frames.reasons_by_provider(frames.polars_frame(MAILS))
    bounces = [(row["provider"], row["reason"]) for row in rows() if row["kind"] == "bounce"]
    assert {(provider, reason): number for provider, reason, number in counted.iter_rows()} == {
        pair: bounces.count(pair) for pair in bounces
    }
    want = sorted({row["recipient"] for row in rows() if row["advice"] == "suppress"})
    assert frames.to_suppress(MAILS) == want
    assert want


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    cells = json.loads((HERE / "bounces.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(sources) == 5
    scope: dict[str, Any] = {}
    for source in sources:
        *body, last = source.split("\n")
        exec("\n".join(body), scope)
        shown = eval(last, scope)
        assert shown._repr_html_() if hasattr(shown, "_repr_html_") else repr(shown)
