"""Background processes that outlive the command that started them.

A process is signaled only if it is the recorded one. Process ids are reused, so the record includes the boot and the
start time.
"""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

PROC = Path("/proc")
NO_PROCESS = 2**31 - 2  # larger than any system's largest process id


def started_at(pid: int) -> str | None:
    """A string that identifies the process among all that ever have this id; None if there is no such process."""
    if PROC.joinpath("self/stat").exists():
        try:
            # The command's name, in parentheses, may itself contain spaces and parentheses.
            fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return None if fields[0] in "ZX" else f"{boot} {fields[19]}"
    return _ps(pid, "lstart=") or None


def command_line(pid: int) -> str:
    """The process's command line; empty if there is no such process."""
    if PROC.joinpath("self/stat").exists():
        try:
            raw = (PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return ""
        return raw.replace(b"\0", b" ").decode(errors="replace").strip()
    return _ps(pid, "command=")


def _ps(pid: int, column: str) -> str:  # macOS has no /proc
    done = subprocess.run(
        ["ps", "-p", str(pid), "-o", column], check=False, capture_output=True, text=True
    )
    return done.stdout.strip()


@dataclass(frozen=True)
class ProcessRecord:
    """A background process that leads a process group, recorded when it started."""

    pid: int
    started: str
    port: int
    build: str

    @classmethod
    def of(cls, process: "subprocess.Popen[bytes]", *, port: int, build: str) -> "ProcessRecord":
        return cls(process.pid, started_at(process.pid) or "", port, build)

    @classmethod
    def load(cls, path: Path) -> "ProcessRecord | None":
        """The record in the file; None if the file is missing or damaged."""
        try:
            return cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def save(self, path: Path) -> None:
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self)))
        draft.replace(path)

    @property
    def is_alive(self) -> bool:
        return started_at(self.pid) == self.started

    def stop(self, grace: float) -> None:
        """Terminates the process; after `grace` seconds kills it and its process group."""
        if not self.is_alive:
            return
        os.kill(self.pid, signal.SIGTERM)
        if not self._ends_within(grace):
            os.killpg(self.pid, signal.SIGKILL)
            self._ends_within(grace=10)

    def _ends_within(self, grace: float) -> bool:
        deadline = time.monotonic() + grace
        while self.is_alive:
            if time.monotonic() > deadline:
                return False
            reap(self.pid)
            time.sleep(0.02)
        return True


def reap(pid: int) -> None:
    """Reaps the process if it is a child of this one that has exited."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
