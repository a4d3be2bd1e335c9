"""The command in the wheel is the command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import pytest
from test_many import mail

import komainu

import cases

SCRIPT = Path(sysconfig.get_path("scripts")) / ("komainu.exe" if os.name == "nt" else "komainu")
MODULE = [sys.executable, "-m", "komainu"]
each_way = pytest.mark.parametrize("command", [MODULE, [str(SCRIPT)]], ids=["module", "script"])


def run(command: list[str], *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*command, *arguments], input=given, capture_output=True, timeout=120, check=False)


@each_way
def test_it_parses_as_the_package_does(command: list[str]) -> None:
    done = run(command, "parse", str(cases.CASES / "bounce"), "--format", "ndjson")
    assert done.returncode == 0, done.stderr
    rows = [row for found in komainu.scan(cases.CASES / "bounce") for row in found.to_dicts()]
    got = [json.loads(line) for line in done.stdout.splitlines()]
    # The folder's own files of expected JSON are ordinary text to both.
    assert [row["id"] for row in got] == [row["id"] for row in rows]
    assert rows


@each_way
def test_it_reads_standard_input_and_classifies(command: list[str]) -> None:
    done = run(command, "parse", "-", "--format", "ndjson", given=mail(7))
    assert json.loads(done.stdout)["recipient"] == "user7@example.jp"
    reply = "550 5.1.1 User unknown"
    done = run(command, "classify", reply, "--format", "json")
    assert json.loads(done.stdout) == komainu.classify(reply).to_dict()


@each_way
def test_exit_codes_and_problems_are_those_of_the_command(command: list[str], tmp_path: Path) -> None:
    assert run(command, "--version").stdout.split() == [b"komainu", komainu.__version__.encode()]
    missing = run(command, "parse", str(tmp_path / "no-such"))
    assert missing.returncode == 2
    assert b"no-such" in missing.stderr
    wrong = run(command, "nonsense")
    assert wrong.returncode == 2
    assert b"Usage: komainu" in wrong.stderr
    assert wrong.stdout == b""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_closed_pipe_ends_it_quietly(tmp_path: Path) -> None:
    for number in range(500):
        (tmp_path / f"{number}.eml").write_bytes(mail(number))
    shell = f"{sys.executable} -m komainu parse {tmp_path} --format ndjson | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell], capture_output=True, timeout=120, check=False
    )
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_ends_it_with_whole_lines() -> None:
    separator = b"From MAILER-DAEMON Thu Jan  1 00:00:00 2026\n"
    with (
        tempfile.TemporaryFile() as out,
        subprocess.Popen(
            [*MODULE, "parse", "-", "--format", "ndjson"],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stderr is not None
        # Standard input stays open: without the signal it would wait for more.
        process.stdin.write(b"".join(separator + mail(number) + b"\n" for number in range(2000)))
        process.stdin.flush()
        end = time.monotonic() + 60
        while os.fstat(out.fileno()).st_size == 0 and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert b"Traceback" not in process.stderr.read()
        out.seek(0)
        lines = out.read().splitlines()
    assert lines
    for line in lines:
        json.loads(line)
