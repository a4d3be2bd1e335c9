"""Reads a folder tree of mail with Spark, and counts why mail failed.

    python bounces.py FOLDER [PARQUET]

A file is one message or a mailbox of many, as it is for the command. Executors parse whole Arrow batches, so that no mail
passes through pickled Python rows.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.pandas.types import from_arrow_schema

import komainu

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = pa.schema([pa.field("source", pa.string(), nullable=False), *pa.schema(komainu.to_arrow([]))])


def parse(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Files to records. Spark runs one of these for each core, so one thread is enough here."""
    for batch in batches:
        paths, contents = batch.column("path").to_pylist(), batch.column("content").to_pylist()
        sources: list[str] = []
        records: list[komainu.Record] = []
        scan = komainu.scan(*zip(paths, contents), threads=1)
        for mail in scan:
            sources.extend([mail.source] * len(mail.report))
            records.extend(mail.report)
        for problem in scan.problems:
            print(problem, file=sys.stderr)
        table = pa.table(komainu.to_arrow(records)).add_column(
            0, SCHEMA.field("source"), pa.array(sources, pa.string())
        )
        yield from table.cast(SCHEMA).to_batches()


def records(spark: SparkSession, folder: str) -> DataFrame:
    """One row for each recipient that a report in the folder names."""
    files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(folder)
    return files.select("path", "content").mapInArrow(parse, from_arrow_schema(SCHEMA))


def counts(frame: DataFrame) -> DataFrame:
    """How often each reason occurs, the most frequent first."""
    return frame.groupBy("kind", "reason").count().orderBy(functions.desc("count"), "kind", "reason")


def session(name: str = "komainu") -> SparkSession:
    return SparkSession.builder.appName(name).getOrCreate()


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    spark = session()
    frame = records(spark, sys.argv[1])
    if len(sys.argv) == 3:
        frame.write.mode("overwrite").parquet(sys.argv[2])
        frame = spark.read.parquet(sys.argv[2])
    counts(frame).show(100, truncate=False)
    spark.stop()


if __name__ == "__main__":
    main()
