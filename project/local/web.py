"""The web server in the background: one supervised gunicorn per record file. Only the recorded process is ever stopped."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from project.local import account as accounts
from project.local.environment import python
from project.local.paths import ROOT, STATE, read_text
from project.local.processes import ProcessRecord
from project.local.rotating_log import rotating_log
from project.local.supervisor import READY
from project.local.terminal import UserError, say, show_tail
from project.probe import is_healthy

HOST = "127.0.0.1"
GRACE_SECONDS = 20  # a little over gunicorn's own graceful_timeout
START_SECONDS = 90
SECRET_KEY = STATE / "secret-key"


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def is_free(port: int) -> bool:
    """Whether a server could listen on the port. Connections in TIME_WAIT do not block it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def require_free(port: int, timeout: float = 0) -> None:
    """Raises UserError if the port is still in use after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not is_free(port):
        if time.monotonic() > deadline:
            raise UserError(f"Port {port} is in use. Choose a free one: make up PORT={port + 1}")
        time.sleep(0.1)


def start(record: Path, log: Path, port: int, env: Mapping[str, str], build: str) -> None:
    """Starts a supervised gunicorn in a new session, records it and waits until it is healthy.

    From then on it is started again if it ends.
    """
    environment = {**os.environ, **env}
    account = owner(environment)
    with rotating_log(log) as output:
        process = subprocess.Popen(
            [python(), "-m", "project.local.supervisor", "web", f"{HOST}:{port}"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **account,
        )
    recorded = ProcessRecord.of(process, port=port, build=build)
    recorded.save(record)
    deadline = time.monotonic() + START_SECONDS
    while not is_healthy(address(port), environment):
        if process.poll() is not None or not recorded.is_alive or time.monotonic() > deadline:
            stop(record)
            show_tail(read_text(log))
            raise UserError(f"The dashboard did not start (the end of {log} is above).")
        time.sleep(0.1)
    process.send_signal(READY)
    process.returncode = 0  # outlives this process: suppresses the ResourceWarning


def owner(environment: Mapping[str, str]) -> dict[str, Any]:
    """The account that serves and works: for root that of PostgreSQL, if it can access what it needs."""
    account = accounts.current()
    if not account.switch:
        return {}
    accounts.close_state(account)
    if not account.can_run([python(), "-c", "import gunicorn, django, psycopg, manage"], ROOT):
        say(f"The dashboard runs as root: no other account can access {python()} or {ROOT}.")
        return {}
    if not environment.get("SECRET_KEY", "").strip():
        account.give(Path(environment.get("SECRET_KEY_FILE", "").strip() or SECRET_KEY))
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def running(record: Path) -> ProcessRecord | None:
    recorded = ProcessRecord.load(record)
    return recorded if recorded and recorded.is_alive else None


def stop(record: Path) -> bool:
    """Stops the recorded server, which finishes its requests first. Returns whether one was running."""
    recorded = running(record)
    if recorded:
        recorded.stop(GRACE_SECONDS)
    record.unlink(missing_ok=True)
    return recorded is not None
