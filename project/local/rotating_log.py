"""Reads a background server's output from a pipe and writes it to a rotating log file.

A separate process, because several server processes share the output, and none of them could rotate the file alone. It
ends when the last of them has closed the pipe.
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
from project.local.paths import ROOT

BYTES = 10_000_000
"""The size at which the file is rotated; one rotated file is kept."""


class RotatingLog(RotatingFileHandler):
    """Writes lines unchanged, to files that only their owner can read."""

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
def rotating_log(file: Path) -> Iterator[IO[bytes]]:
    """The pipe to pass as output to a process started in this context."""
    with subprocess.Popen(
        [python(), "-m", "project.local.rotating_log", file],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        process.returncode = 0  # outlives this process, so do not wait for it
        assert process.stdin
        yield process.stdin


if __name__ == "__main__":
    os.umask(0o077)
    log = RotatingLog(Path(sys.argv[1]))
    for line in sys.stdin.buffer:
        log.emit(makeLogRecord({"msg": line.decode(errors="replace")}))
