"""to_arrow: the same rows in pyarrow, polars, pandas and DuckDB."""

from __future__ import annotations

import gc
import itertools
import operator
import signal
from typing import TYPE_CHECKING, Any

import pytest
from test_many import mail

import komainu

import cases
from sample import PLAIN_FEEDBACK, plain_record, record

if TYPE_CHECKING:
    from pathlib import Path

duckdb = pytest.importorskip("duckdb")
pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")

wrongly: Any = komainu
RECORDS = [
    record(),
    record(recipient="b@example.jp", feedback=None, headers=None, evidence=[], also=[], retry_after=None),
]


def test_columns_are_the_keys_of_a_record_in_their_order() -> None:
    table = komainu.to_arrow(RECORDS)
    assert table.column_names == list(plain_record())
    assert table.num_rows == len(table) == 2
    assert repr(table) == "ArrowTable(2 rows, 43 columns)"


def test_pyarrow_reads_every_value() -> None:
    table = pyarrow.table(komainu.to_arrow(RECORDS))
    table.validate(full=True)
    for row, want in zip(table.to_pylist(), RECORDS):
        row["headers"] = row["headers"] and dict(row["headers"])
        assert row == want.to_dict()
    types = {name: str(table.schema.field(name).type) for name in ("reason", "hard", "reply_code", "also")}
    assert types == {
        "reason": "string",
        "hard": "bool",
        "reply_code": "int64",
        "also": "list<item: string not null>",
    }
    assert pyarrow.schema(komainu.to_arrow(RECORDS)) == table.schema


def test_polars_reads_it() -> None:
    frame = polars.DataFrame(komainu.to_arrow(RECORDS))
    assert frame["recipient"].to_list() == ["花子@example.jp", "b@example.jp"]
    assert frame["feedback"][0] == PLAIN_FEEDBACK
    assert frame["evidence"][0].to_list() == plain_record()["evidence"]
    assert frame["also"].to_list() == [["filtered", "systemerror"], []]
    assert frame.filter(polars.col("retry_after") > 100).height == 1


def test_pandas_reads_it() -> None:
    frame = pyarrow.table(komainu.to_arrow(RECORDS)).to_pandas()
    assert list(frame.columns) == list(plain_record())
    assert frame["hard"].dtype == bool
    assert frame["reason"].value_counts().to_dict() == {"mailboxfull": 2}
    if hasattr(pandas.DataFrame, "from_arrow"):
        assert pandas.DataFrame.from_arrow(komainu.to_arrow(RECORDS)).shape == (2, 43)


def test_duckdb_reads_it() -> None:
    bounces = komainu.to_arrow(RECORDS)  # noqa: F841  # DuckDB finds it by its name
    rows = duckdb.sql(
        "SELECT reason, count(*), max(retry_after), any_value(feedback.type) FROM bounces GROUP BY 1"
    )
    assert rows.fetchall() == [("mailboxfull", 2, 300, "abuse")]


def test_one_table_may_be_taken_often_and_outlives_its_records() -> None:
    table = komainu.to_arrow(record(recipient=f"user{number}@example.jp") for number in range(50_000))
    first, second = pyarrow.table(table), pyarrow.table(table)
    del table
    gc.collect()
    assert first.equals(second)
    assert first.num_rows == 50_000
    assert first.column("recipient").num_chunks == 4
    assert first.column("recipient")[49_999].as_py() == "user49999@example.jp"


def test_a_capsule_that_nobody_takes_is_released() -> None:
    table = komainu.to_arrow(RECORDS)
    for _ in range(100):
        table.__arrow_c_stream__()
        table.__arrow_c_schema__()


def test_reports_and_scans_are_taken(tmp_path: Path) -> None:
    mails = [mail(number) for number in range(10)]
    want = [f"user{number}@example.jp" for number in range(10)]
    table = pyarrow.table(komainu.to_arrow(komainu.parse_many(mails)))
    assert table.column("recipient").to_pylist() == want
    assert (
        pyarrow.table(komainu.to_arrow(komainu.parse(mails[3]))).column("recipient").to_pylist() == want[3:4]
    )
    for number, raw in enumerate(mails):
        (tmp_path / f"{number}.eml").write_bytes(raw)
    table = pyarrow.table(komainu.to_arrow(komainu.scan(tmp_path)))
    assert table.column_names == ["source", "index", "offset", *plain_record()]
    assert table.column("source").to_pylist() == [str(tmp_path / f"{number}.eml") for number in range(10)]


def test_rows_are_those_of_to_dicts() -> None:
    rows = [row for found in komainu.scan(cases.CASES) for row in found.to_dicts()]
    table = pyarrow.table(komainu.to_arrow(komainu.scan(cases.CASES))).to_pylist()
    assert len(rows) > 10
    assert table == rows


def test_empty_tables_have_their_columns(tmp_path: Path) -> None:
    assert pyarrow.table(komainu.to_arrow([])).column_names == list(plain_record())
    assert polars.DataFrame(komainu.to_arrow([])).shape == (0, 43)
    assert pyarrow.table(komainu.to_arrow(komainu.scan(tmp_path))).num_columns == 46


@pytest.mark.parametrize("value", [3, record(), ["x"], [record(), 3], b"x"])
def test_other_things_are_refused(value: Any) -> None:
    with pytest.raises(
        TypeError, match=r"to_arrow\(\) takes an iterable of Record, Report or ScannedMail, not"
    ):
        wrongly.to_arrow(value)


def test_places_are_for_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(mail(1))
    with pytest.raises(TypeError, match="messages of a scan or records without a source, not both"):
        wrongly.to_arrow([*komainu.scan(tmp_path), record()])


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers that send signals")
def test_a_signal_stops_it_halfway() -> None:
    class Stop(Exception):
        pass

    def stop(_number: int, _frame: object) -> None:
        raise Stop

    # No code of Python runs between two of these records, so only to_arrow itself can look for the signal.
    records = itertools.repeat(RECORDS[1], 100_000)
    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with pytest.raises(Stop):
            komainu.to_arrow(records)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert operator.length_hint(records) > 0
