"""Drains a bounce mailbox over IMAP.

What komainu understands is written to a file, one JSON record a line, and moved to another folder. The rest stays for
people, marked so that it is not read again. With --watch the worker then waits for new mail with IDLE.

    export KOMAINU_IMAP_PASSWORD=...
    python worker.py bounces@mail.example.org --records bounces.ndjson --watch
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import ssl
import sys
import threading
from typing import TYPE_CHECKING, TextIO

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

import komainu

if TYPE_CHECKING:
    from collections.abc import Iterable

# A keyword of ours on what was read and left: it survives a restart, and other mail programs show it.
LEFT = b"komainu-left"
# Messages that are fetched at once.
BATCH = 50
# Servers may end an IDLE after 29 minutes (RFC 2177), and routers forget connections sooner.
IDLE_SECONDS = 9 * 60
# Waits between two tries to connect.
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0

log = logging.getLogger("komainu-imap")


def understood(report: komainu.Report) -> bool:
    """Ordinary mail and replies that no rule knows are for people."""
    return bool(report.records) and all(record.reason is not komainu.Reason.UNDEFINED for record in report)


def write(records: Iterable[komainu.Record], out: TextIO) -> None:
    """Writes records so that they are on the disk when this returns."""
    out.writelines(record.to_json() + "\n" for record in records)
    out.flush()
    if out.seekable():
        os.fsync(out.fileno())


class Worker:
    """One mailbox."""

    def __init__(self, options: argparse.Namespace, out: TextIO) -> None:
        self.options = options
        self.out = out
        self.analyzer = komainu.Analyzer()
        self.ending = threading.Event()

    def connect(self) -> IMAPClient:
        user, host = self.options.mailbox
        context = ssl.create_default_context(cafile=self.options.ca)
        client = IMAPClient(host, port=self.options.port, ssl_context=context, timeout=60)
        client.login(user, os.environ["KOMAINU_IMAP_PASSWORD"])
        if not client.folder_exists(self.options.done):
            client.create_folder(self.options.done)
        client.select_folder(self.options.folder)
        return client

    def drain(self, client: IMAPClient) -> None:
        """Reads all messages that nobody has judged yet."""
        uids = client.search([b"UNDELETED", b"UNKEYWORD", LEFT])
        for start in range(0, len(uids), BATCH):
            if self.ending.is_set():
                return
            self.read(client, uids[start : start + BATCH])

    def read(self, client: IMAPClient, uids: list[int]) -> None:
        """Reads one batch. Records are written before messages move, so that a crash repeats some and loses none;
        a record that comes again has the same id."""
        part = f"BODY.PEEK[]<0.{self.options.max_bytes}>"
        fetched = {uid: data[b"BODY[]<0>"] for uid, data in client.fetch(uids, [part]).items()}
        reports = dict(zip(fetched, self.analyzer.parse_many(fetched.values())))
        done = [uid for uid, report in reports.items() if understood(report)]
        left = [uid for uid in reports if uid not in done]
        write((record for uid in done for record in reports[uid]), self.out)
        if done:
            move(client, done, self.options.done)
        if left:
            client.add_flags(left, [LEFT], silent=True)
        log.info("read %d messages: %d understood, %d left", len(reports), len(done), len(left))

    def watch(self, client: IMAPClient) -> None:
        """Waits for new mail until told to end."""
        while not self.ending.is_set():
            client.idle()
            try:
                news = self.wait(client)
            finally:
                client.idle_done()
            if news:
                self.drain(client)

    def wait(self, client: IMAPClient) -> bool:
        """Whether there is news before the IDLE has to be renewed; looks up now and then whether it shall end."""
        for _ in range(IDLE_SECONDS):
            if self.ending.is_set():
                return False
            if any(response[1:] == (b"EXISTS",) for response in client.idle_check(timeout=1)):
                return True
        # Some servers forget to tell: look anyway.
        return True

    def run(self) -> int:
        wait = FIRST_WAIT
        while not self.ending.is_set():
            try:
                with self.connect() as client:
                    wait = FIRST_WAIT
                    self.drain(client)
                    if not self.options.watch:
                        return 0
                    self.watch(client)
            except (ssl.SSLCertVerificationError, LoginError) as error:
                # Trying again would not help, and may lock the account.
                log.error("%s", error)
                return 1
            except (OSError, IMAPClientError) as error:
                if not self.options.watch:
                    log.error("%s", error)
                    return 1
                log.warning("%s; trying again in %.0f s", error, wait)
                self.ending.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)
        return 0


def move(client: IMAPClient, uids: list[int], folder: str) -> None:
    """Moves messages, also on servers without MOVE (RFC 6851)."""
    if client.has_capability("MOVE"):
        client.move(uids, folder)
        return
    client.copy(uids, folder)
    client.delete_messages(uids)
    client.uid_expunge(uids) if client.has_capability("UIDPLUS") else client.expunge()


def account(text: str) -> tuple[str, str]:
    """user@host, where the user's name may have an @ of its own."""
    user, at, host = text.rpartition("@")
    if not (user and at and host):
        raise argparse.ArgumentTypeError(f"{text!r} is not USER@HOST")
    return user, host


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n    export")[0],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("mailbox", type=account, metavar="USER@HOST", help="the mailbox that bounces come to")
    parser.add_argument("--port", type=int, default=993, help="IMAP over TLS (%(default)s)")
    parser.add_argument("--ca", metavar="FILE", help="certificates to trust instead of the system's")
    parser.add_argument("--folder", default="INBOX", help="the folder to drain (%(default)s)")
    parser.add_argument(
        "--done", default="Bounces", metavar="FOLDER", help="where understood mail goes (%(default)s)"
    )
    parser.add_argument("--records", metavar="FILE", help="where records are appended (standard output)")
    parser.add_argument(
        "--max-bytes", type=int, default=4 << 20, help="of each message, so much is fetched (%(default)s)"
    )
    parser.add_argument("--watch", action="store_true", help="go on waiting for new mail")
    options = parser.parse_args()
    if "KOMAINU_IMAP_PASSWORD" not in os.environ:
        parser.error("set KOMAINU_IMAP_PASSWORD to the mailbox's password")
    return options


def main() -> int:
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    options = arguments()
    with contextlib.ExitStack() as stack:
        out = sys.stdout
        if options.records:
            out = stack.enter_context(open(options.records, "a", encoding="utf-8"))
        worker = Worker(options, out)
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: worker.ending.set())
        return worker.run()


if __name__ == "__main__":
    sys.exit(main())
