"""What the package costs beside the Rust call, what threads give, and how it compares with flufl.bounce.

    pip install flufl.bounce
    python benches/bench.py [FOLDER OF MAIL]

All figures come from one run on the same mails; read them as ratios. Each is the best of several rounds.
"""

from __future__ import annotations

import email
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import komainu

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).resolve().parents[2] / "tests" / "cases"
ROUNDS = 7


def best(work: Callable[[], Any]) -> float:
    """Seconds of the fastest round: what the machine does when nothing else disturbs it."""
    times: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def mails(folder: Path) -> list[bytes]:
    files = (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".json", ".jsonl")
    )
    return [path.read_bytes() for path in files]


def overhead(raws: list[bytes]) -> None:
    rust = best(lambda: komainu._native._parse_all(raws))
    rows = {
        "the Rust call": rust,
        "parse(raw)": best(lambda: [komainu.parse(raw) for raw in raws]),
        "  … and reading 4 attributes": best(lambda: [fields(komainu.parse(raw)) for raw in raws]),
        "  … .to_dict()": best(lambda: [komainu.parse(raw).to_dict() for raw in raws]),
        "  … .to_json()": best(lambda: [komainu.parse(raw).to_json() for raw in raws]),
    }
    print(f"{'':32}{'µs a mail':>10}{'more':>8}{'ratio':>8}")
    for name, seconds in rows.items():
        micros = seconds / len(raws) * 1e6
        print(f"{name:32}{micros:10.1f}{micros - rust / len(raws) * 1e6:+8.1f}{seconds / rust:8.2f}")


def fields(report: komainu.Report) -> list[tuple[object, ...]]:
    return [(record.recipient, record.reason, record.hard, record.advice) for record in report]


def threads(raws: list[bytes]) -> None:
    many = raws * max(1, 20_000 // len(raws))
    one = best(lambda: [None for raw in many if komainu.parse(raw)])
    print(f"\n{'parse in a loop':32}{len(many) / one:10,.0f} mails/s")
    for count in sorted({1, 2, os.cpu_count() or 1}):
        seconds = best(lambda count=count: [None for _ in komainu.parse_many(many, threads=count)])
        name = f"parse_many(threads={count})"
        print(f"{name:32}{len(many) / seconds:10,.0f} mails/s{one / seconds:8.2f} × the loop")
    seconds = best(lambda: komainu.to_arrow(komainu.parse_many(many)))
    print(
        f"{'to_arrow(parse_many(...))':32}{len(many) / seconds:10,.0f} mails/s{one / seconds:8.2f} × the loop"
    )


def others(raws: list[bytes]) -> None:
    try:
        from flufl.bounce import scan_message
    except ImportError:
        print("\nflufl.bounce is not installed: no comparison")
        return
    ours = best(lambda: [komainu.parse(raw) for raw in raws])
    reading = best(lambda: [email.message_from_bytes(raw) for raw in raws])
    messages = [email.message_from_bytes(raw) for raw in raws]
    scanning = best(lambda: [scan_message(message) for message in messages])
    print(f"\n{'':32}{'µs a mail':>10}{'ratio':>8}")
    for name, seconds in [
        ("komainu.parse(raw)", ours),
        ("email.message_from_bytes(raw)", reading),
        ("flufl.bounce, message given", scanning),
        ("flufl.bounce from bytes", reading + scanning),
    ]:
        print(f"{name:32}{seconds / len(raws) * 1e6:10.1f}{seconds / ours:8.1f}")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CASES
    raws = mails(folder)
    print(f"{len(raws)} mails, {sum(map(len, raws)) / len(raws):,.0f} bytes each, {os.cpu_count()} cores\n")
    overhead(raws)
    threads(raws)
    others(raws)


if __name__ == "__main__":
    main()
