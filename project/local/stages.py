"""A stage: a PostgreSQL and a dashboard that last as long as one command. Rule: a running dashboard's data and
a DATABASE_URL someone has set are out of its reach, and whatever happens, nothing of it stays.
"""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from project.local import configuration, dashboard, postgres, web
from project.local.locks import lock
from project.local.places import STATE
from project.local.processes import Recorded

GRACE_SECONDS = 20


@dataclass(frozen=True)
class Stage:
    """What one kind of command puts on, by its name; `make` runs one of each kind at a time."""

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
    def command(self) -> Path:
        """The record of a command that works with it, where there is one."""
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
        """Starts the dashboard on a free port, with its tables and files; returns its address."""
        dashboard.prepare(env)
        port = web.free_port()
        web.start(self.web, self.folder / "web.log", port, env, build=self.name)
        return web.address(port)

    @contextmanager
    def thrown_away(self) -> Iterator[None]:
        """Removes what an earlier, killed run left behind, and afterwards what this one made."""
        with lock(self.name):
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, _interrupt)
            self.discard()
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                yield
            finally:
                # another Ctrl-C must not leave servers behind
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                self.discard()

    def discard(self) -> None:
        if recorded := Recorded.load(self.command):
            recorded.stop(GRACE_SECONDS)
        web.stop(self.web)
        postgres.remove(self.database)
        if self.folder.exists():
            shutil.rmtree(self.folder)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
