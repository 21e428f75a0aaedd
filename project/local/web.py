"""The web server in the background. Rule: one gunicorn per record file; only the one recorded there
is ever stopped.
"""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from project.local.environment import python
from project.local.places import ROOT, read_text
from project.local.processes import Recorded
from project.local.terminal import Problem, show_end

HOST = "127.0.0.1"
CONF = ROOT / "project" / "gunicorn_conf.py"
GRACE_SECONDS = 20  # a little over gunicorn's own graceful_timeout
START_SECONDS = 90


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def is_free(port: int) -> bool:
    """Whether a server could listen there; connections that just ended do not count."""
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


def require_free(port: int, patience: float = 0) -> None:
    """Raises Problem where the port is taken, after `patience` seconds of waiting for it."""
    deadline = time.monotonic() + patience
    while not is_free(port):
        if time.monotonic() > deadline:
            raise Problem(f"Port {port} is taken. Choose a free one: make up PORT={port + 1}")
        time.sleep(0.1)


def is_healthy(port: int) -> bool:
    """Whether the server answers, and its database answers it."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{address(port)}/api/health/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def start(record: Path, log: Path, port: int, env: Mapping[str, str], build: str) -> None:
    """Starts gunicorn in a session of its own, records it and waits until it is healthy."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [python(), "-m", "gunicorn", "--config", CONF, "--bind", f"{HOST}:{port}"],
            cwd=ROOT,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    recorded = Recorded.of(process, port=port, build=build)
    recorded.save(record)
    deadline = time.monotonic() + START_SECONDS
    while not is_healthy(port):
        if process.poll() is not None or not recorded.alive or time.monotonic() > deadline:
            stop(record)
            show_end(read_text(log))
            raise Problem(f"The dashboard did not start (the end of {log} is above).")
        time.sleep(0.1)
    process.returncode = 0  # it outlives us: no complaint about a process left running


def running(record: Path) -> Recorded | None:
    recorded = Recorded.load(record)
    return recorded if recorded and recorded.alive else None


def stop(record: Path) -> bool:
    """Ends the recorded server, finishing its requests; whether there was one."""
    recorded = running(record)
    if recorded:
        recorded.stop(GRACE_SECONDS)
    record.unlink(missing_ok=True)
    return recorded is not None
