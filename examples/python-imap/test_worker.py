"""The worker against a real Dovecot, over TLS, on this machine only."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dovecot import PASSWORD, USER, Dovecot, dovecot
from imapclient import IMAPClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
MAILS = sorted((HERE.parent / "mails").glob("*.eml"))
CUSTOMER = next(path for path in MAILS if "customer" in path.name)
BOUNCES = [path for path in MAILS if path != CUSTOMER]


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def command(server: Dovecot, records: Path, *more: str) -> list[str]:
    mailbox = [f"{USER}@localhost", "--port", str(server.imaps), "--ca", str(server.certificate)]
    return [sys.executable, str(HERE / "worker.py"), *mailbox, "--records", str(records), *more]


def run(server: Dovecot, records: Path, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KOMAINU_IMAP_PASSWORD": PASSWORD}
    return subprocess.run(
        command(server, records, *more),
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def look(server: Dovecot, folder: str) -> dict[bytes, bytes]:
    """Message-ID headers of a folder, with the flags of each message."""
    context = ssl.create_default_context(cafile=str(server.certificate))
    with IMAPClient("localhost", port=server.imaps, ssl_context=context) as client:
        client.login(USER, PASSWORD)
        client.select_folder(folder, readonly=True)
        found: dict[int, dict[bytes, Any]] = client.fetch(
            client.search(), ["FLAGS", "BODY.PEEK[HEADER.FIELDS (SUBJECT)]"]
        )
        return {
            data[b"BODY[HEADER.FIELDS (SUBJECT)]"].strip(): b" ".join(data[b"FLAGS"])
            for data in found.values()
        }


def lines(records: Path) -> list[dict[str, Any]]:
    return (
        [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
        if records.exists()
        else []
    )


def until(condition: Callable[[], bool]) -> None:
    """Waits for something that happens soon on any machine that works."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen within a minute"
        time.sleep(0.1)


def test_it_moves_what_it_understands_and_leaves_the_rest(server: Dovecot, tmp_path: Path) -> None:
    assert len(BOUNCES) >= 5
    for path in MAILS:
        server.deliver(path.read_bytes())
    records = tmp_path / "bounces.ndjson"
    done = run(server, records)
    assert done.returncode == 0, done.stderr
    assert f"read {len(MAILS)} messages: {len(BOUNCES)} understood, 1 left" in done.stderr
    found = lines(records)
    assert len(found) >= len(BOUNCES)
    assert {"bounce", "delay", "feedback"} <= {record["kind"] for record in found}
    assert "userunknown" in {record["reason"] for record in found if record["advice"] == "suppress"}
    assert len(look(server, "Bounces")) == len(BOUNCES)
    (flags,) = look(server, "INBOX").values()
    assert b"komainu-left" in flags
    assert b"\\Seen" not in flags

    again = run(server, records)
    assert again.returncode == 0
    assert "read" not in again.stderr
    assert lines(records) == found


def test_it_waits_for_new_mail_and_ends_when_told(server: Dovecot, tmp_path: Path) -> None:
    records = tmp_path / "bounces.ndjson"
    server.deliver(BOUNCES[0].read_bytes())
    environment = {**os.environ, "KOMAINU_IMAP_PASSWORD": PASSWORD}
    with subprocess.Popen(
        command(server, records, "--watch"), env=environment, stderr=subprocess.PIPE, text=True
    ) as worker:
        try:
            until(lambda: len(lines(records)) >= 1)
            server.deliver(CUSTOMER.read_bytes())
            server.deliver(BOUNCES[1].read_bytes())
            until(lambda: len(lines(records)) >= 2)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(60) == 0
        finally:
            worker.kill()
    assert len(look(server, "Bounces")) == 2
    assert len(look(server, "INBOX")) == 1


def test_a_certificate_that_is_not_trusted_ends_it_before_the_password_is_sent(
    server: Dovecot, tmp_path: Path
) -> None:
    trusting_nobody = [
        part
        for part in command(server, tmp_path / "x", "--watch")
        if part not in ("--ca", str(server.certificate))
    ]
    environment = {**os.environ, "KOMAINU_IMAP_PASSWORD": PASSWORD}
    done = subprocess.run(
        trusting_nobody, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr


def test_a_wrong_password_ends_it_at_once(server: Dovecot, tmp_path: Path) -> None:
    environment = {**os.environ, "KOMAINU_IMAP_PASSWORD": "wrong"}
    done = subprocess.run(
        command(server, tmp_path / "x", "--watch"),
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "AUTHENTICATIONFAILED" in done.stderr.upper()


def test_without_a_password_it_says_what_to_set(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "KOMAINU_IMAP_PASSWORD"}
    done = subprocess.run(
        [sys.executable, str(HERE / "worker.py"), "bounces@localhost"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "set KOMAINU_IMAP_PASSWORD" in done.stderr
