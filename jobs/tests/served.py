"""The dashboard served by gunicorn on a free port, and the means to misbehave as a client."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from jobs.tests.factories import database_rows
from jobs.tests.waiting import eventually

CONFIG: Final = "project.server.gunicorn_conf"


class Server:
    """A gunicorn with one worker, and its log."""

    def __init__(self, port: int, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.log = log
        self.process = process

    def connect(self) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        return client

    def send(self, head: str, body: bytes = b"") -> socket.socket:
        """Sends a request, and returns its connection; `head` is the request line and headers."""
        client = self.connect()
        line, *headers = head.splitlines()
        text = "\r\n".join([line, "Host: localhost", *headers])
        client.sendall(text.encode() + b"\r\n\r\n" + body)
        return client

    def ask(self, head: str, body: bytes = b"") -> bytes:
        """Everything that the server sends until it closes the connection."""
        line, *headers = head.splitlines()
        with self.send("\n".join([line, "Connection: close", *headers]), body) as client:
            return read_all(client)

    def get(self, path: str) -> bytes:
        return self.ask(f"GET {path} HTTP/1.1")


def read_head(client: socket.socket) -> bytes:
    """The beginning of a successful response, which includes its complete head."""
    text = b""
    while b"\r\n\r\n" not in text.partition(b" 200 OK")[2]:
        part = client.recv(1 << 12)
        assert part, text
        text += part
    return text


def was_reset(client: socket.socket) -> bool:
    """Whether the connection was reset: poll() reports that at once, but an orderly end only after all unread data."""
    waiting = select.poll()
    waiting.register(client, 0)
    return bool(waiting.poll(0))


def read_all(client: socket.socket) -> bytes:
    parts = []
    while part := client.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def answer_to_trickle(client: socket.socket, text: bytes, pause: float) -> bytes:
    """The response to a request of which this text is sent again and again, with pauses of so many seconds."""
    client.settimeout(pause)

    def answer() -> bytes:
        with suppress(TimeoutError):
            return client.recv(1 << 16)
        with suppress(ConnectionError):  # the server has responded and closed the connection
            client.sendall(text)
        return b""

    return eventually(answer)


def problem_in(answer: bytes) -> Any:
    """The JSON body of a response."""
    return json.loads(answer.partition(b"\r\n\r\n")[2])


@contextmanager
def served(folder: Path, config: str = CONFIG, **environment: str) -> Iterator[Server]:
    """Serves the tests' database."""
    with served_from(settings.BASE_DIR, folder, config, **environment) as server:
        yield server


def collect_static(folder: Path) -> str:
    """Collects the static files, which pages need, in the folder: its name, for STATIC_ROOT."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "STATIC_ROOT": str(folder), "SECRET_KEY": "x"},
        check=True,
        capture_output=True,
    )
    return str(folder)


@contextmanager
def served_from(
    code: Path, folder: Path, config: str = CONFIG, **environment: str
) -> Iterator[Server]:
    """Serves the code in another folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "gunicorn.log"
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "1",
        **environment,
    }
    command = [sys.executable, "-m", "gunicorn", "-c", f"python:{config}"]
    with (
        log.open("w") as output,
        subprocess.Popen(command, cwd=code, env=env, stdout=output, stderr=output) as process,
    ):
        server = Server(port, log, process)
        try:
            _wait_until_ready(server)
            yield server
        except BaseException as error:
            error.add_note(log.read_text())
            raise
        finally:
            process.send_signal(signal.SIGQUIT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def active_copies() -> int:
    """The number of active COPY statements of other sessions."""
    sql = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'active' AND query LIKE '%COPY%' AND pid <> pg_backend_pid()"
    )
    [[number]] = database_rows(sql)
    return int(number)


def _wait_until_ready(server: Server) -> None:
    def responds() -> bool:
        try:
            return b" 200 OK" in server.get("/api/health/")
        except OSError:
            return False

    eventually(responds)


def database_url() -> str:
    database = connection.settings_dict
    user, password = quote(database["USER"], safe=""), quote(database["PASSWORD"] or "", safe="")
    credentials = f"{user}:{password}" if password else user
    host = quote(database["HOST"], safe="")
    if host.startswith("%2F"):
        return f"postgresql://{credentials}@/{database['NAME']}?host={database['HOST']}"
    return f"postgresql://{credentials}@{host}:{database['PORT'] or 5432}/{database['NAME']}"
