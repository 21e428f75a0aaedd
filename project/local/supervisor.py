"""`python -m project.local.supervisor`: a worker, started again whenever it ends, until SIGTERM.

The longer it fails, the longer are the pauses. In Docker, `restart: always` does the same.
"""

import os
import signal
import subprocess
from threading import Event
from time import monotonic
from types import FrameType

from project.local.environment import python

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# One that has run for so long has not failed at once.
STEADY_SECONDS = 60.0


class Supervisor:
    """Runs the command, and ends it when it is told to stop."""

    def __init__(self, command: list[str], pause: float = FIRST_PAUSE) -> None:
        self.command = command
        self.first_pause = self.pause = pause
        self.stopping = Event()
        self.process: subprocess.Popen[bytes] | None = None

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """A signal handler: it interrupts both waits below."""
        self.stopping.set()
        if self.process:
            self.process.terminate()

    def run(self) -> None:
        while not self.stopping.is_set():
            began = monotonic()
            self.process = subprocess.Popen(self.command)
            if self.stopping.is_set():  # told while it was being started
                self.process.terminate()
            status = self.process.wait()
            if self.stopping.is_set():
                return
            if monotonic() - began > STEADY_SECONDS:
                self.pause = self.first_pause
            print(
                f"The worker has ended ({status}); it is started again in {self.pause:g} s.",
                flush=True,
            )
            self.stopping.wait(self.pause)
            self.pause = min(LONGEST_PAUSE, 2 * self.pause)


def main() -> None:
    supervisor = Supervisor([str(python()), "-m", "project.worker", "--parent", str(os.getpid())])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, supervisor.stop)
    supervisor.run()


if __name__ == "__main__":
    main()
