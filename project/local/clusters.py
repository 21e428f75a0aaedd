"""The PostgreSQL servers of this checkout by their names, running or not: project.local.postgres starts them."""

import os
import shutil
import signal
import time
from pathlib import Path

from project.local import account, processes
from project.local.paths import CHECKOUT_ID, SHARED_TMP, STATE, read_text

PROCESS_PREFIX = "pytest-"  # followed by the process id
STOP_SECONDS = 60


def folders(name: str) -> list[Path]:
    """The existing folders in which this checkout may have created a server of this name."""
    candidates = [base / name for base in (STATE, *account.FALLBACK_FOLDERS)]
    candidates.append(SHARED_TMP / f"jobs-{CHECKOUT_ID}-{name}")
    return [folder for folder in candidates if folder.is_dir() and not folder.is_symlink()]


def logs(name: str) -> list[Path]:
    """The logs of the servers of this name: the one from startup and the newest daily one."""
    found = []
    for folder in folders(name):
        days = sorted(
            (folder / "data" / "log").glob("*.log"), key=lambda file: file.stat().st_mtime
        )
        found += [folder / "postgresql.log", *days[-1:]]
    return [file for file in found if file.exists()]


def server_pid(data: Path) -> int | None:
    """The process id of the server on this data directory; None if none is running."""
    first = (read_text(data / "postmaster.pid").splitlines() or [""])[0]
    if first.isdigit() and str(data) in processes.command_line(int(first)):
        return int(first)
    return None


def stop(name: str) -> bool:
    """Stops the servers of this name, with SIGQUIT after a minute. Returns whether one was running."""
    stopped = False
    for folder in folders(name):
        pid = server_pid(folder / "data")
        deadline = time.monotonic() + STOP_SECONDS
        if pid is not None:
            os.kill(pid, signal.SIGINT)  # a fast shutdown
            stopped = True
        while pid is not None and server_pid(folder / "data") == pid:
            if time.monotonic() > deadline:
                # an immediate shutdown; the next start runs crash recovery
                os.kill(pid, signal.SIGQUIT)
                deadline += STOP_SECONDS
            time.sleep(0.05)
    return stopped


def remove(name: str) -> None:
    """Stops the servers of this name and removes their data."""
    stop(name)
    for folder in folders(name):
        shutil.rmtree(folder)


def process_scoped_name(name: str) -> str:
    """The name of a server that this process creates and removes."""
    return f"{PROCESS_PREFIX}{os.getpid()}-{name}"


def remove_orphaned() -> None:
    """Removes the servers of processes that ended without doing so."""
    for base in (STATE, *account.FALLBACK_FOLDERS):
        for folder in base.glob(f"{PROCESS_PREFIX}*"):
            process = folder.name.removeprefix(PROCESS_PREFIX).partition("-")[0]
            if process.isdigit() and processes.started_at(int(process)) is None:
                remove(folder.name)
