"""The processes that serve a port, their CPU time and their memory."""

from collections.abc import Iterable

import psutil


def listening(port: int) -> list[psutil.Process]:
    """The processes that listen on the port; empty if they are not visible."""
    return [process for process in psutil.process_iter() if _listens(process, port)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """The total CPU time of the processes since they started."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def megabytes(processes: Iterable[psutil.Process]) -> float:
    """The resident memory of the processes."""
    total: float = sum(process.memory_info().rss for process in processes)
    return total / 1e6


def _listens(process: psutil.Process, port: int) -> bool:
    try:
        connections = process.net_connections("tcp")
    except psutil.Error:  # another user's, or it has exited
        return False
    return any(
        each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in connections
    )
