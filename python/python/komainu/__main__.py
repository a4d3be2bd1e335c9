"""The ``komainu`` command: ``python -m komainu --help`` tells what it does."""

from __future__ import annotations

import sys

from ._native import _command


def main() -> int:
    """Runs the command with the arguments of this process."""
    # What Python has written comes first; the command writes by itself.
    sys.stdout.flush()
    sys.stderr.flush()
    return _command(["komainu", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
