"""What the package costs beside the Rust call, what threads give, and how it compares with flufl.bounce.

    pip install flufl.bounce
    python benches/bench.py [FOLDER OF MAIL]

All figures come from one run on the same mails; read them as ratios. Those of threads need a machine at rest.
"""

from __future__ import annotations

import email
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import komainu

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CASES = Path(__file__).resolve().parents[2] / "tests" / "cases"
ROUNDS = 9


def per_mail(raws: Sequence[Any], runners: dict[str, Callable[[Any], Any]]) -> dict[str, float]:
    """Seconds for a mail on the average. Of each mail the fastest of several rounds counts: a few dozen microseconds
    pass undisturbed now and then on the busiest machine."""
    totals = dict.fromkeys(runners, 0)
    for raw in raws:
        fastest = dict.fromkeys(runners, sys.maxsize)
        for _ in range(ROUNDS):
            for name, work in runners.items():
                start = time.perf_counter_ns()
                work(raw)
                fastest[name] = min(fastest[name], time.perf_counter_ns() - start)
        for name, nanoseconds in fastest.items():
            totals[name] += nanoseconds
    return {name: total / len(raws) / 1e9 for name, total in totals.items()}


def race(runners: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Seconds of the fastest round of each, by the clock on the wall. Runners take turns."""
    times: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(ROUNDS // 3):
        for name, work in runners.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    return {name: min(rounds) for name, rounds in times.items()}


def mails(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".json", ".jsonl", ".ndjson", ".log", ".csv")
    ]


def overhead(raws: list[bytes]) -> None:
    times = per_mail(
        raws,
        {
            "the Rust call": lambda raw: komainu._native._parse_all([raw]),
            "parse(raw)": komainu.parse,
            "  … and reading 4 attributes": lambda raw: fields(komainu.parse(raw)),
            "  … .to_dict()": lambda raw: komainu.parse(raw).to_dict(),
            "  … .to_json()": lambda raw: komainu.parse(raw).to_json(),
        },
    )
    rust = times["the Rust call"]
    print(f"{'':32}{'µs a mail':>10}{'more':>8}{'ratio':>8}")
    for name, seconds in times.items():
        print(f"{name:32}{seconds * 1e6:10.1f}{(seconds - rust) * 1e6:+8.1f}{seconds / rust:8.2f}")


def fields(report: komainu.Report) -> list[tuple[object, ...]]:
    return [(record.recipient, record.reason, record.hard, record.advice) for record in report]


def threads(raws: list[bytes]) -> None:
    many = raws * max(1, 10_000 // len(raws))
    runners: dict[str, Callable[[], Any]] = {
        "parse in a loop": lambda: [None for raw in many if komainu.parse(raw)]
    }
    for count in sorted({1, 2, os.cpu_count() or 1}):
        runners[f"parse_many(threads={count})"] = lambda count=count: [
            None for _ in komainu.parse_many(many, threads=count)
        ]
    runners["to_arrow(parse_many(...))"] = lambda: komainu.to_arrow(komainu.parse_many(many))
    # By the clock on the wall: this says something only where nobody else uses the machine.
    times = race(runners)
    print()
    for name, seconds in times.items():
        rate, ratio = len(many) / seconds, times["parse in a loop"] / seconds
        print(f"{name:32}{rate:10,.0f} mails/s{ratio:8.2f} × the loop")


def others(files: list[Path]) -> None:
    try:
        from flufl.bounce import all_failures
    except ImportError:
        print("\nflufl.bounce is not installed: no comparison")
        return
    logging.getLogger("flufl.bounce").disabled = True
    raws = [path.read_bytes() for path in files]
    raised = 0

    def scan(message: Any) -> set[str]:
        nonlocal raised
        try:
            temporary, permanent = all_failures(message)
        except Exception:
            raised += 1
            return set()
        return {address.decode("latin-1").lower() for address in {*temporary, *permanent}}

    def records(raw: bytes) -> set[str]:
        failing = (record for record in komainu.parse(raw) if record.kind in ("bounce", "delay"))
        return {record.recipient.lower() for record in failing if record.recipient}

    found = {
        "komainu": [records(raw) for raw in raws],
        "flufl.bounce": [scan(email.message_from_bytes(raw)) for raw in raws],
    }
    unread = raised
    pairs = [(raw, email.message_from_bytes(raw)) for raw in raws]
    times = per_mail(
        pairs,
        {
            "komainu.parse(raw)": lambda pair: komainu.parse(pair[0]),
            "email.message_from_bytes(raw)": lambda pair: email.message_from_bytes(pair[0]),
            "flufl.bounce, message given": lambda pair: scan(pair[1]),
            "flufl.bounce from bytes": lambda pair: scan(email.message_from_bytes(pair[0])),
        },
    )
    print(f"\n{'':32}{'µs a mail':>10}{'ratio':>8}")
    for name, seconds in times.items():
        print(f"{name:32}{seconds * 1e6:10.1f}{seconds / times['komainu.parse(raw)']:8.1f}")
    print(f"flufl.bounce raised an error on {unread} of {len(raws)} mails")
    for name, sets in found.items():
        compare(name, files, sets)


def compare(name: str, files: list[Path], found: list[set[str]]) -> None:
    """Counts against the answers beside the mails, where there are any."""
    wanted = hits = quiet = wrong = 0
    for path, addresses in zip(files, found):
        answer = path.with_suffix(".json")
        if not answer.is_file():
            continue
        failing = (
            record
            for record in json.loads(answer.read_text(encoding="utf-8"))["records"]
            if record["kind"] in ("bounce", "delay")
        )
        right = {record["recipient"].lower() for record in failing if record["recipient"]}
        wanted += len(right)
        hits += len(right & addresses)
        quiet += not right
        wrong += not right and bool(addresses)
    if wanted:
        print(
            f"{name}: {hits} of {wanted} failing recipients found; {wrong} of {quiet} other mails taken for failures"
        )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CASES
    files = mails(folder)
    raws = [path.read_bytes() for path in files]
    print(f"{len(raws)} mails, {sum(map(len, raws)) / len(raws):,.0f} bytes each, {os.cpu_count()} cores\n")
    overhead(raws)
    threads(raws)
    others(files)


if __name__ == "__main__":
    main()
