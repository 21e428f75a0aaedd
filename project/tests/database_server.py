"""A PostgreSQL of a test's own, which it may stop, freeze and set as it likes, and a dashboard on it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from jobs.tests.served import Server, problem_in, served
from project.local import postgres
from project.local.places import ROOT
from project.local.processes import PROC

CREATE = "POST /api/jobs/ HTTP/1.1\nContent-Type: application/json"
HEALTH = "GET /api/health/ HTTP/1.1"


# Whatever is set for the dashboard's sessions.
UNHARMED = {
    "default_transaction_read_only": "off",
    "search_path": "public",
    "exit_on_error": "off",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "transaction_timeout": "0",
    "idle_session_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}


class Database:
    """One server with a database that has the dashboard's tables."""

    def __init__(self, cluster: postgres.Cluster, name: str = "jobs") -> None:
        self.cluster = cluster
        self.url = cluster.application_url(name)
        subprocess.run(
            [sys.executable, "-m", "project.migrate"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": self.url, "SECRET_KEY": "x"},
            check=True,
            capture_output=True,
        )

    def execute(self, sql: Any) -> list[Any]:
        """As the superuser, in a session of its own."""
        options = " ".join(f"-c {name}={value}" for name, value in UNHARMED.items())
        url = self.cluster.url("jobs")
        with psycopg.connect(url, options=options, autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        postgres.stop(self.cluster.folder.name)

    def start(self) -> None:
        self.cluster.ensure_running()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All of the server's processes stand still."""
        postmaster = self.postmaster
        self._tell(signal.SIGSTOP, postmaster)  # the first: it makes no more of them
        children = self._children()
        try:
            self._tell(signal.SIGSTOP, *children)
            yield
        finally:
            self._tell(signal.SIGCONT, *children, postmaster)

    def _tell(self, what: signal.Signals, *processes: int) -> None:
        for process in processes:
            with suppress(ProcessLookupError):  # a child that has ended by itself
                os.kill(process, what)

    @property
    def postmaster(self) -> int:
        number = postgres.running(self.cluster.data)
        assert number
        return number

    def _children(self) -> list[int]:
        return children_of(self.postmaster)


def children_of(parent: int) -> list[int]:
    """Where there is no /proc, from `ps`, which small containers lack."""
    if PROC.joinpath("self/stat").exists():
        pairs = []
        for file in PROC.glob("[0-9]*/stat"):
            with suppress(OSError):  # it has ended meanwhile
                fields = file.read_text(errors="replace").rpartition(")")[2].split()
                pairs.append((int(file.parent.name), int(fields[1])))
    else:
        listed = subprocess.run(
            ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
        )
        pairs = [(int(pid), int(of)) for pid, of in map(str.split, listed.stdout.splitlines())]
    return [pid for pid, of in pairs if of == parent]


@contextmanager
def database(name: str) -> Iterator[Database]:
    name = postgres.of_this_process(name)
    try:
        cluster = postgres.Cluster.at(name, throwaway=True)
        cluster.ensure_running()
        yield Database(cluster)
    finally:
        postgres.remove(name)


@contextmanager
def dashboard(database: Database, folder: Path, **environment: str) -> Iterator[Server]:
    with served(folder, DATABASE_URL=database.url, SECRET_KEY="x", **environment) as server:  # noqa: S106
        yield server


def create(server: Server, name: str = "Wing", headers: str = "") -> bytes:
    body = json.dumps({"name": name}).encode()
    return server.ask(f"{CREATE}\nContent-Length: {len(body)}{headers}", body)


def is_refused(answer: bytes, code: str) -> bool:
    return answer.startswith(b"HTTP/1.1 503 ") and problem_in(answer)["code"] == code
