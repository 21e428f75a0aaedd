"""Starts and stops the members. What runs already is left alone."""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from project.local import account as accounts
from project.local import configuration, dashboard, environment, islands, postgres, web, worker
from project.local.ha import programs
from project.local.ha.layout import (
    ETCD,
    FIRST_PORT,
    HOST,
    NODES,
    WEB,
    WORKERS,
    Layout,
    etcd_words,
    haproxy_cfg,
    passwords,
    patroni_yml,
)
from project.local.locks import lock
from project.local.paths import STATE, read_text
from project.local.processes import ProcessRecord
from project.local.terminal import UserError, say, show_tail

NAME: Final = "ha"
PROGRAMS: Final = f"{NAME}-programs"
DEFAULT_PORT: Final = 8100
GRACE_SECONDS: Final = 30
START_SECONDS: Final = 90
# Ignores a configured proxy.
OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Lab:
    """All members in a private folder of PostgreSQL's account."""

    def __init__(self, folder: Path, first_port: int, web_port: int) -> None:
        self.owner = accounts.current()
        self.layout = Layout(folder, first_port, web_port)
        self.passwords = passwords(folder)
        self.binaries = postgres.Cluster.at(PROGRAMS).binaries
        self.environment = {
            **configuration.defaults(),
            "DATABASE_URL": self.layout.url(self.passwords),
            "SECRET_KEY": self.passwords["key"],
            "STATIC_ROOT": str(folder / "static"),
            "DEBUG": "no",
        }

    def start(self) -> None:
        """Raises UserError if a member does not start."""
        layout = self.layout
        for member in ETCD:
            self.start_etcd(member)
        for node in NODES:
            self.start_node(node)
        self.start_haproxy()
        self._wait("a primary behind HAProxy", lambda: not self._run_sql("postgres", "SELECT 1"))
        self._create_database()
        dashboard.prepare(self.environment)
        for name in WEB:
            self.start_web(name)
        for name in WORKERS:
            if not worker.is_running(layout.record(name), NAME):
                worker.start(layout.record(name), layout.log(name), self.environment, NAME)
        self._wait("two standbys", lambda: len(self.streaming()) == len(NODES) - 1)

    def stop(self) -> bool:
        """The dashboard first, and etcd last, so that each can finish. Returns whether anything was running."""
        layout = self.layout
        stopped = [worker.stop(layout.record(name)) for name in WORKERS]
        stopped += [web.stop(layout.record(name)) for name in WEB]
        return any([*stopped, *(self.end(name) for name in ("haproxy", *NODES, *ETCD))])

    def start_etcd(self, member: str) -> None:
        program = programs.program("etcd", self._programs)
        self._start(member, [program, *etcd_words(self.layout, member)])

    def start_node(self, node: str) -> None:
        python, packages = programs.patroni(self.owner, self._programs / "patroni")
        folder = self.layout.folder / node
        self.owner.make_private(folder)
        settings = folder / "patroni.yml"
        self._write(settings, patroni_yml(self.layout, node, self.passwords, self.binaries))
        self._start(node, [python, "-m", "patroni", settings], PYTHONPATH=str(packages))

    def start_haproxy(self) -> None:
        settings = self.layout.folder / "haproxy.cfg"
        self._write(settings, haproxy_cfg(self.layout))
        self._start("haproxy", [programs.program("haproxy", self._programs), "-db", "-f", settings])

    def start_web(self, name: str) -> None:
        layout = self.layout
        if not web.running(layout.record(name)):
            web.start(
                layout.record(name), layout.log(name), layout.port(name), self.environment, NAME
            )

    def end(self, member: str) -> bool:
        recorded = web.running(self.layout.record(member))
        if recorded:
            recorded.stop(GRACE_SECONDS)
        self.layout.record(member).unlink(missing_ok=True)
        return recorded is not None

    def state(self, node: str) -> Any:
        """What the node's Patroni says of it; None if it does not answer."""
        try:
            with OPENER.open(self.rest(node, "/patroni"), timeout=2) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:  # 503, with the same content
            return json.load(error)
        except (OSError, ValueError):
            return None

    def rest(self, node: str, path: str) -> str:
        return f"http://{HOST}:{self.layout.rest_port(node)}{path}"

    def primary(self) -> str | None:
        """The node that is the primary, and accepts changes."""
        for node in NODES:
            state = self.state(node)
            if state and state.get("role") == "primary" and state.get("state") == "running":
                return node
        return None

    def streaming(self) -> list[str]:
        """The standbys that stream."""
        states = {node: self.state(node) for node in NODES}
        return [
            node
            for node, state in states.items()
            if state
            and state.get("role") != "primary"
            and state.get("replication_state") == "streaming"
        ]

    @property
    def _programs(self) -> Path:
        """What is fetched is kept, whatever is removed with the members."""
        return accounts.home(self.owner, PROGRAMS)

    def _create_database(self) -> None:
        """The dashboard's role and its database, as its own server has them."""
        self._psql(
            "postgres",
            "SELECT 'CREATE DATABASE jobs' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'jobs') \\gexec",
        )
        self._psql("jobs", postgres.APPLICATION_ROLE.read_text())
        password = self.passwords["application"]
        self._psql("jobs", f"ALTER ROLE jobs_web PASSWORD '{password}'")

    def _psql(self, database: str, script: str) -> None:
        if failure := self._run_sql(database, script):
            show_tail(failure)
            raise UserError("Creating the database failed (the output is above).")

    def _run_sql(self, database: str, script: str) -> str:
        """As the superuser, on the primary. Returns the output if it fails, else an empty text."""
        url = self.layout.superuser(self.passwords, self.layout.primary_port, database)
        file = self.layout.folder / "script.sql"
        self._write(file, f"{script}\n")
        words = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={file}", url]
        done = self.owner.run([self.binaries / "psql", *words], self.layout.folder)
        file.unlink()
        return (done.stdout or "psql failed") if done.returncode else ""

    def _start(self, member: str, words: Sequence[str | Path], **added: str) -> None:
        record = self.layout.record(member)
        if web.running(record):
            return
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        with self.layout.log(member).open("ab") as log:
            process = subprocess.Popen(
                [str(word) for word in words],
                cwd=self.layout.folder,
                env={**env, "LC_ALL": "C", "HOME": str(self.layout.folder), **added},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
                user=self.owner.uid if self.owner.switch else None,
                group=self.owner.gid if self.owner.switch else None,
                extra_groups=[] if self.owner.switch else None,
            )
        ProcessRecord.of(process, port=0, build=NAME).save(record)
        process.returncode = 0  # outlives this process: suppresses the ResourceWarning

    def _wait(self, what: str, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                for node in NODES:
                    show_tail(read_text(self.layout.log(node)), 8)
                raise UserError(
                    f"There is still no sign of {what} (the ends of the logs are above)."
                )
            time.sleep(0.2)

    def _write(self, file: Path, text: str) -> None:
        """A private file of the account."""
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(text)
        self.owner.give(file)


def up() -> None:
    """Starts all members, or those that are missing."""
    islands.ensure_built()
    environment.ensure("local")
    with lock("dashboard"):
        lab = _lab()
        running = [port for port in lab.layout.ports if not web.is_free(port)]
        if running and not any(web.running(lab.layout.record(name)) for name in (*ETCD, *NODES)):
            raise UserError(f"Port {running[0]} is in use. Choose others: make ha PORT=…")
        lab.start()
        for node in NODES:
            state = lab.state(node)
            say(f"  {node}  {state['role'] if state else 'away'}")
    say(f"The dashboard is running: {web.address(lab.layout.web_port)}")


def stop() -> bool:
    """Returns whether anything was running."""
    return any(_lab().stop() for _ in _folders())


def remove() -> None:
    stop()
    for folder in _folders():
        shutil.rmtree(folder)


def _folders() -> list[Path]:
    """At most one exists: where the account could reach it."""
    bases = (STATE, *accounts.FALLBACK_FOLDERS)
    return [base / NAME for base in bases if (base / NAME).is_dir()]


def _lab() -> Lab:
    folder = accounts.home(accounts.current(), NAME)
    return Lab(folder, FIRST_PORT, dashboard.requested_port() or DEFAULT_PORT)
