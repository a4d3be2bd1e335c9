"""Spark in local mode gives the same records as the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import bounces
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

MAILS = Path(__file__).parent.parent / "mails"
# A folder tree of more mail, if there is one: the counts must agree there, too.
FOLDERS = [MAILS, *map(Path, filter(None, [os.environ.get("KOMAINU_MAIL")]))]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = bounces.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    running = (
        builder.config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield running
    running.stop()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_counts_are_those_of_the_command(spark: SparkSession, folder: Path) -> None:
    command = [sys.executable, "-m", "komainu", "parse", str(folder), "--format", "ndjson"]
    done = subprocess.run(command, capture_output=True, timeout=600, check=True)
    want = Counter((row["kind"], row["reason"]) for row in map(json.loads, done.stdout.splitlines()))
    frame = bounces.records(spark, str(folder)).cache()
    assert {(row.kind, row.reason): row["count"] for row in bounces.counts(frame).collect()} == dict(want)
    assert sum(want.values()) == frame.count() > 0


def test_nested_values_arrive(spark: SparkSession, tmp_path: Path) -> None:
    frame = bounces.records(spark, str(MAILS))
    frame.write.parquet(str(tmp_path / "out"))
    again = spark.read.parquet(str(tmp_path / "out"))
    row = again.filter("kind = 'feedback'").select("feedback.type", "source").first()
    assert row is not None
    assert row.type == "abuse"
    assert row.source.endswith(".eml")
    assert again.filter("size(evidence) > 0").count() > 0
