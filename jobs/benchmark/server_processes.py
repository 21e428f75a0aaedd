"""The processes that serve a port, and their CPU time. Works on Linux, within the same container."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
LISTENING = "0A"


def cpu_seconds(processes: set[int]) -> float:
    """The total CPU time of the processes since they started."""
    ticks = 0
    for process in processes:
        fields = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def listening(port: int) -> set[int]:
    """The ids of the processes that listen on the port; empty if they are not visible."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    return {
        int(folder.name)
        for folder in PROC.glob("[0-9]*")
        if sockets and any(link in sockets for link in _links(folder / "fd"))
    }


def _inodes(port: int) -> set[str]:
    """The inodes of the sockets that listen on the port."""
    found = set()
    for name in ("tcp", "tcp6"):
        table = PROC / "net" / name
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            _, local, _, state, *rest = line.split()
            if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                found.add(rest[5])
    return found


def _links(folder: Path) -> Iterator[str]:
    """The targets of open files. Skips processes of other users, and those that have exited."""
    with suppress(OSError):
        for entry in os.listdir(folder):
            with suppress(FileNotFoundError):
                yield os.readlink(folder / entry)
