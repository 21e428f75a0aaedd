"""A sandbox: a PostgreSQL and a dashboard for the duration of one command.

It never touches the running dashboard's data or a database that the user's DATABASE_URL names, and is always removed.
"""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from project.local import clusters, configuration, dashboard, web, worker
from project.local.locks import lock
from project.local.paths import STATE
from project.local.processes import ProcessRecord

GRACE_SECONDS = 20


@dataclass(frozen=True)
class Sandbox:
    """The sandbox of one kind of command, by name. A lock allows one of each kind at a time."""

    name: str

    @property
    def folder(self) -> Path:
        return STATE / self.name

    @property
    def database(self) -> str:
        """The name of its PostgreSQL."""
        return f"{self.name}-postgres"

    @property
    def web(self) -> Path:
        """The record of its dashboard."""
        return self.folder / "web.json"

    @property
    def worker(self) -> Path:
        """The record of its worker."""
        return self.folder / "worker.json"

    @property
    def command(self) -> Path:
        """The record of a command that runs in it, if there is one."""
        return self.folder / "command.json"

    def environment(self, database_url: str) -> dict[str, str]:
        return {
            **configuration.defaults(),
            "DATABASE_URL": database_url,
            "SECRET_KEY_FILE": str(self.folder / "secret-key"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DEBUG": "no",
        }

    def serve(self, env: dict[str, str]) -> str:
        """Prepares and starts the dashboard with its worker on a free port; returns its address."""
        dashboard.prepare(env)
        port = web.free_port()
        web.start(self.web, self.folder / "web.log", port, env, build=self.name)
        worker.start(self.worker, self.folder / "worker.log", env, build=self.name)
        return web.address(port)

    @contextmanager
    def temporary(self) -> Iterator[None]:
        """Removes the leftovers of a killed run first, and all that this run creates at the end."""
        with lock(self.name):
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, _interrupt)
            self.discard()
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                yield
            finally:
                # another Ctrl-C must not interrupt the removal
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                self.discard()

    def discard(self) -> None:
        if recorded := ProcessRecord.load(self.command):
            recorded.stop(GRACE_SECONDS)
        worker.stop(self.worker)
        web.stop(self.web)
        clusters.remove(self.database)
        if self.folder.exists():
            shutil.rmtree(self.folder)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
