"""`python -m project.local.supervisor worker`, or `web HOST:PORT`: runs it, and starts it again whenever it ends, until SIGTERM.

The longer it fails, the longer are the pauses. In Docker, Compose's `restart` does the same.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from threading import Event
from time import monotonic
from types import FrameType

from project.local.environment import python
from project.local.paths import ROOT

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 8.0
# One that has run for so long has not failed at once.
STEADY_SECONDS = 10.0
GUNICORN_CONF = ROOT / "project" / "server" / "gunicorn_conf.py"
READY = signal.SIGUSR1
"""Tells a supervisor that its program has started well, and is to be started again from now on."""


class Supervisor:
    """Runs the command, and ends it when it is told to stop.

    With `starts_once`, it ends with its program, until it is told that this has started well.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        pause: float = FIRST_PAUSE,
        *,
        starts_once: bool = False,
    ) -> None:
        self.name = name
        self.command = command
        self.first_pause = self.pause = pause
        self.starts_once = starts_once
        self.stopping = Event()
        self.process: subprocess.Popen[bytes] | None = None

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """A signal handler: it interrupts both waits below."""
        self.stopping.set()
        if self.process:
            self.process.terminate()

    def has_started(self, number: int = 0, frame: FrameType | None = None) -> None:
        """A signal handler."""
        self.starts_once = False

    def run(self) -> int:
        """Returns the exit status of the last program, or 0 if it was told to stop."""
        while not self.stopping.is_set():
            began = monotonic()
            self.process = subprocess.Popen(self.command)
            if self.stopping.is_set():  # told while it was being started
                self.process.terminate()
            status = self.process.wait()
            if self.stopping.is_set():
                return 0
            if self.starts_once:
                return status
            if monotonic() - began > STEADY_SECONDS:
                self.pause = self.first_pause
            print(
                f"The {self.name} has ended ({status}); it is started again in {self.pause:g} s.",
                flush=True,
            )
            self.stopping.wait(self.pause)
            self.pause = min(LONGEST_PAUSE, 2 * self.pause)
        return 0


def supervisor_of(words: Sequence[str]) -> Supervisor:
    program, own = str(python()), str(os.getpid())
    match words:
        case ["worker"]:
            return Supervisor("worker", [program, "-m", "project.worker", "--parent", own])
        case ["web", address]:
            gunicorn = [
                program,
                "-m",
                "gunicorn",
                "--config",
                str(GUNICORN_CONF),
                "--bind",
                address,
            ]
            command = [program, "-m", "project.local.supervised", own, *gunicorn]
            return Supervisor("web server", command, starts_once=True)
        case _:
            raise SystemExit("usage: python -m project.local.supervisor worker|web HOST:PORT")


def main(words: Sequence[str]) -> int:
    supervisor = supervisor_of(words)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, supervisor.stop)
    signal.signal(READY, supervisor.has_started)
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
