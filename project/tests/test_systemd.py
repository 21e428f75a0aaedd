"""The units for systemd start what there is, and tell it when they serve."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from jobs.tests.waiting import eventually
from project.local import web
from project.local.paths import ROOT
from project.probe import is_healthy
from project.tests.database_server import Database, database

FOLDER: Final = ROOT / "docs" / "systemd"
PLACE: Final = "/srv/job-dashboard"
UNITS: Final = ("job-dashboard.service", "job-dashboard-worker.service")

Lines = list[tuple[str, str]]


def lines(unit: str) -> Lines:
    text = (FOLDER / unit).read_text()
    pairs = [line.partition("=") for line in text.splitlines() if "=" in line and line[0] != "#"]
    return [(name, value) for name, _, value in pairs]


def values(unit: str, name: str) -> list[str]:
    return [value for each, value in lines(unit) if each == name]


def command(line: str) -> list[str]:
    """With this environment's Python and this folder."""
    program, *words = shlex.split(line)
    assert program == f"{PLACE}/.venv/bin/python"
    return [sys.executable, *words]


@pytest.fixture(scope="module")
def own() -> Iterator[Database]:
    with database("systemd") as own:
        yield own


@contextmanager
def running(line: str, env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(command(line), cwd=ROOT, env={**os.environ, **env}) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


def test_the_units_start_what_there_is(own: Database, tmp_path: Path) -> None:
    """As systemd does it, with a socket to be told that the web server serves."""
    [start] = values("job-dashboard.service", "ExecStart")
    [work] = values("job-dashboard-worker.service", "ExecStart")
    port = web.free_port()
    env = {
        "DATABASE_URL": own.url,
        "SECRET_KEY_FILE": str(tmp_path / "secret-key"),
        "STATIC_ROOT": str(tmp_path / "static"),
        "WEB_BIND": f"127.0.0.1:{port}",
        "NOTIFY_SOCKET": str(tmp_path / "notify"),
    }
    for line in values("job-dashboard.service", "ExecStartPre"):
        subprocess.run(command(line), cwd=ROOT, env={**os.environ, **env}, check=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(env["NOTIFY_SOCKET"])
        told.settimeout(60)
        with running(start, env):
            assert told.recv(4096).startswith(b"READY=1")
            eventually(lambda: is_healthy(f"http://127.0.0.1:{port}", {}))
            with running(work, env):
                eventually(
                    lambda: own.execute("SELECT count(*) FROM procrastinate_workers") != [(0,)]
                )


@pytest.mark.parametrize("unit", UNITS)
def test_the_units_give_up_rights_and_start_again(unit: str) -> None:
    found = dict(lines(unit))
    assert (found["Restart"], found["StartLimitIntervalSec"]) == ("always", "0")
    assert found["User"] == "job-dashboard"
    assert found["CapabilityBoundingSet"] == ""
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"):
        assert found[name] == "yes"
    assert found["ProtectSystem"] == "strict"
    assert found["WorkingDirectory"] == PLACE
