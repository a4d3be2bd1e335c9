"""A mailbox as a data frame of polars, pandas or DuckDB.

python frames.py PATH...
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import duckdb
import polars
import pyarrow

import komainu

if TYPE_CHECKING:
    import pandas


def polars_frame(*paths: str) -> polars.DataFrame:
    """One row for each recipient, with its timestamp in UTC."""
    frame = polars.DataFrame(komainu.to_arrow(komainu.scan(*paths)))
    return frame.with_columns(polars.col("timestamp").str.to_datetime(time_zone="UTC", strict=False))


def pandas_frame(*paths: str) -> pandas.DataFrame:
    """The same for pandas; reasons and providers as categories."""
    frame = pyarrow.table(komainu.to_arrow(komainu.scan(*paths))).to_pandas()
    return frame.astype({"reason": "category", "provider": "category", "kind": "category"})


def reasons_by_provider(frame: polars.DataFrame) -> polars.DataFrame:
    """How often each reason came from each provider, the most frequent first."""
    bounces = frame.filter(polars.col("kind") == "bounce")
    return bounces.group_by("provider", "reason").len().sort(["len", "reason"], descending=[True, False])


def to_suppress(*paths: str) -> list[str]:
    """The addresses that mail should no longer be sent to, by SQL."""
    records = komainu.to_arrow(komainu.scan(*paths))  # noqa: F841  # DuckDB finds it by its name
    query = "SELECT DISTINCT recipient FROM records WHERE advice = 'suppress' AND recipient IS NOT NULL ORDER BY 1"
    return [address for (address,) in duckdb.sql(query).fetchall()]


def main() -> None:
    paths = sys.argv[1:] or sys.exit(__doc__)
    frame = polars_frame(*paths)
    print(reasons_by_provider(frame))
    print("Suppress:", *to_suppress(*paths), sep="\n  ")


if __name__ == "__main__":
    main()
