"""Faults of the database, of the dashboard's processes and of its clients, from their beginning to their end."""

import os
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Final

from jobs.fault_tests.plan import Victim
from jobs.fault_tests.stack import Stack
from jobs.tests.waiting import eventually

Begin = Callable[[Stack], AbstractContextManager[None]]

SECONDS: Final = 4.0
LONG_SECONDS: Final = 12.0
END_SESSIONS: Final = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'jobs_web'"
)
READ_ONLY: Final = "ALTER DATABASE jobs SET default_transaction_read_only = on"
WRITABLE: Final = "ALTER DATABASE jobs RESET default_transaction_read_only"
SMALL_DISK_BYTES: Final = 64 * 2**20


@contextmanager
def restarted(stack: Stack) -> Iterator[None]:
    stack.database.stop()
    sleep(SECONDS)
    stack.database.start()
    yield


@contextmanager
def killed(stack: Stack) -> Iterator[None]:
    postmaster = stack.database.postmaster
    os.kill(postmaster, signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{postmaster}").exists())
    sleep(SECONDS)
    stack.database.start()
    yield


@contextmanager
def paused(stack: Stack) -> Iterator[None]:
    with stack.database.frozen():
        sleep(LONG_SECONDS)
    yield


@contextmanager
def without_connections(stack: Stack) -> Iterator[None]:
    stack.rows("ALTER ROLE jobs_web CONNECTION LIMIT 0")
    stack.rows(END_SESSIONS)
    sleep(SECONDS)
    stack.rows("ALTER ROLE jobs_web CONNECTION LIMIT -1")
    yield


@contextmanager
def read_only(stack: Stack) -> Iterator[None]:
    stack.rows(READ_ONLY)
    stack.rows(END_SESSIONS)
    sleep(SECONDS)
    stack.rows(WRITABLE)
    stack.rows(END_SESSIONS)
    yield


@contextmanager
def full_disk(stack: Stack) -> Iterator[None]:
    """The history is moved to a small disk in memory, which something else fills."""
    folder = Path("/dev/shm") / f"jobs-full-disk-{os.getpid()}"  # noqa: S108  # made by this test
    folder.mkdir(mode=0o700)
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES}", "tmpfs", folder], check=True
        )
        try:
            data = folder / "data"
            data.mkdir(mode=0o700)
            shutil.chown(data, stack.database.cluster.data.stat().st_uid)
            stack.rows(f"CREATE TABLESPACE small LOCATION '{data}'")
            stack.rows("ALTER TABLE kept_answer SET TABLESPACE small")
            _fill(folder / "filler")
            sleep(SECONDS)
            (folder / "filler").unlink()
            yield
        finally:
            stack.rows("ALTER TABLE kept_answer SET TABLESPACE pg_default")
            stack.rows("DROP TABLESPACE IF EXISTS small")
            subprocess.run(["umount", folder], check=True)
    finally:
        folder.rmdir()


def _fill(file: Path) -> None:
    block = bytes(2**16)
    with file.open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(block):
            pass


def killed_process(victim: Victim) -> Begin:
    @contextmanager
    def kill(stack: Stack) -> Iterator[None]:
        stack.kill(victim, stack.find(victim))
        yield

    return kill


@contextmanager
def terminated(stack: Stack) -> Iterator[None]:
    """All at once, as when a machine shuts down: the web server, the worker and PostgreSQL, which is started again."""
    postmaster = stack.database.postmaster
    for pid in (stack.find(Victim.WEB_MASTER), stack.find(Victim.WORKER), postmaster):
        os.kill(pid, signal.SIGTERM)
    eventually(lambda: _ends(stack, postmaster))
    stack.database.start()
    yield


def _ends(stack: Stack, postmaster: int) -> bool:
    """Told by SIGTERM, PostgreSQL waits for sessions: the service manager's next step is SIGINT, which ends them."""
    with suppress(ProcessLookupError):
        os.kill(postmaster, signal.SIGINT)
    return not Path(f"/proc/{postmaster}").exists()


@contextmanager
def clients_gone(stack: Stack) -> Iterator[None]:
    """Ten imports that end in the middle of their body, and ten exports whose clients end in the middle of theirs."""
    line = b'{"name": "Abandoned"}\n'
    head = f"POST /api/jobs/import/ HTTP/1.1\r\nHost: 127.0.0.1:{stack.api.port}\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"
    upload = f"{head}Content-Length: {len(line) * 20_000}\r\n\r\n".encode() + line * 10_000
    download = f"GET /api/jobs/export/ HTTP/1.1\r\nHost: 127.0.0.1:{stack.api.port}\r\nConnection: close\r\n\r\n".encode()
    for _ in range(10):
        _abandon(stack, upload, 0)
        _abandon(stack, download, 100_000)
    yield


def _abandon(stack: Stack, request: bytes, size: int) -> None:
    """Sends this, reads so many bytes, and resets the connection."""
    with socket.create_connection(("127.0.0.1", stack.api.port), timeout=30) as client:
        client.sendall(request)
        while size > 0 and (received := len(client.recv(65_536))):
            size -= received
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


FAULTS: Final[dict[str, Begin]] = {
    "PostgreSQL restarted": restarted,
    "PostgreSQL killed": killed,
    "PostgreSQL paused": paused,
    "PostgreSQL out of connections": without_connections,
    "PostgreSQL read-only": read_only,
    "disk full": full_disk,
    "web process killed": killed_process(Victim.WEB_PROCESS),
    "web server killed": killed_process(Victim.WEB_MASTER),
    "worker killed": killed_process(Victim.WORKER),
    "all told to end (SIGTERM)": terminated,
    "clients gone in mid-import and mid-export": clients_gone,
}
