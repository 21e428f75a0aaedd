"""A dedicated PostgreSQL server that a test may stop, freeze and reconfigure, and a dashboard on it."""

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
from project.local import clusters, postgres
from project.local.paths import ROOT
from project.local.processes import PROC

CREATE = "POST /api/jobs/ HTTP/1.1\nContent-Type: application/json"
HEALTH = "GET /api/health/ HTTP/1.1"

# Overrides what a test sets for the dashboard's sessions.
SAFE_SETTINGS = {
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
    """A server with a migrated database."""

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
        """Runs the SQL as the superuser, in a new session."""
        options = " ".join(f"-c {name}={value}" for name, value in SAFE_SETTINGS.items())
        url = self.cluster.url("jobs")
        with psycopg.connect(url, options=options, autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        clusters.stop(self.cluster.folder.name)

    def start(self) -> None:
        self.cluster.ensure_running()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Suspends all of the server's processes."""
        postmaster = self.postmaster
        self._signal(signal.SIGSTOP, postmaster)  # first, so that it starts no more children
        children = self._children()
        try:
            self._signal(signal.SIGSTOP, *children)
            yield
        finally:
            self._signal(signal.SIGCONT, *children, postmaster)

    def _signal(self, number: signal.Signals, *processes: int) -> None:
        for process in processes:
            with suppress(ProcessLookupError):  # a child that has exited
                os.kill(process, number)

    @property
    def postmaster(self) -> int:
        number = clusters.server_pid(self.cluster.data)
        assert number
        return number

    def _children(self) -> list[int]:
        return children_of(self.postmaster)


def children_of(parent: int) -> list[int]:
    """From /proc, else from `ps`, which small containers lack."""
    if PROC.joinpath("self/stat").exists():
        pairs = []
        for file in PROC.glob("[0-9]*/stat"):
            with suppress(OSError):  # it has exited meanwhile
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
    name = clusters.process_scoped_name(name)
    try:
        cluster = postgres.Cluster.at(name, throwaway=True)
        cluster.ensure_running()
        yield Database(cluster)
    finally:
        clusters.remove(name)


@contextmanager
def dashboard(database: Database, folder: Path, **environment: str) -> Iterator[Server]:
    with served(folder, DATABASE_URL=database.url, SECRET_KEY="x", **environment) as server:  # noqa: S106
        yield server


def create(server: Server, name: str = "Wing", headers: str = "") -> bytes:
    body = json.dumps({"name": name}).encode()
    return server.ask(f"{CREATE}\nContent-Length: {len(body)}{headers}", body)


def is_503(response: bytes, code: str) -> bool:
    return response.startswith(b"HTTP/1.1 503 ") and problem_in(response)["code"] == code
