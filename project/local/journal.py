"""The log of a server in the background: what it writes comes in here, and goes to a file that stays short.

A process of its own, because the server's processes write to one file together, and none could rename it alone. It ends
when the last of them has ended.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging import LogRecord, makeLogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

from project.local.environment import python
from project.local.places import ROOT

BYTES = 10_000_000
"""When it has grown so long, it is set aside; the one set aside before is forgotten."""


class Journal(RotatingFileHandler):
    """Lines as they are, in files for their owner alone."""

    terminator = ""

    def __init__(self, file: Path, size: int = BYTES) -> None:
        super().__init__(file, maxBytes=size, backupCount=1, errors="replace")

    def _open(self) -> Any:
        Path(self.baseFilename).touch(mode=0o600)
        Path(self.baseFilename).chmod(0o600)
        return super()._open()

    def format(self, record: LogRecord) -> str:
        return record.getMessage()


@contextmanager
def journal(file: Path) -> Iterator[IO[bytes]]:
    """Where a process that is started meanwhile may write to."""
    with subprocess.Popen(
        [python(), "-m", "project.local.journal", file],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        process.returncode = 0  # it outlives us, and is not waited for
        assert process.stdin
        yield process.stdin


if __name__ == "__main__":
    os.umask(0o077)
    kept = Journal(Path(sys.argv[1]))
    for line in sys.stdin.buffer:
        kept.emit(makeLogRecord({"msg": line.decode(errors="replace")}))
