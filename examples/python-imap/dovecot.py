"""Debian's Dovecot on 127.0.0.1 for the tests: LMTP in, IMAP over TLS out, in a folder of its own."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "loopback"
USER = "bounces"

CONFIGURATION = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = required
ssl_cert = <{folder}/tls.crt
ssl_key = <{folder}/tls.key
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@example.org
  hostname = lmtp.example.org
  ssl = no
}}
"""


@dataclass(frozen=True)
class Dovecot:
    imaps: int
    lmtp: int
    certificate: Path

    def deliver(self, raw: bytes) -> None:
        """One message from the null sender, as a bounce comes."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as server:
            server.sendmail("", [USER], raw)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    # Its processes run as several users, who all must be able to enter.
    with tempfile.TemporaryDirectory(prefix="dovecot") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        subprocess.run(["chown", "mail:mail", folder / "mail"], check=True)
        request = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ]
        names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "tls.key", "-out", "tls.crt"]
        subprocess.run([*request, *names], cwd=folder, check=True, capture_output=True)
        imaps, lmtp = free_port(), free_port()
        text = CONFIGURATION.format(folder=folder, imaps=imaps, lmtp=lmtp, password=PASSWORD)
        (folder / "dovecot.conf").write_text(text)
        log = folder / "dovecot.log"
        command = ["/usr/sbin/dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as process:
            try:
                until = time.monotonic() + 60
                while not (answers(imaps) and answers(lmtp)):
                    if process.poll() is not None or time.monotonic() > until:
                        raise RuntimeError(
                            f"Dovecot does not start: {log.read_text() if log.exists() else 'no log'}"
                        )
                    time.sleep(0.05)
                yield Dovecot(imaps, lmtp, folder / "tls.crt")
            finally:
                process.terminate()
                process.wait(30)
