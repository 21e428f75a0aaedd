"""The memory of each process, sampled, and how fast it grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import Final, Self

import psutil

from jobs.benchmark.server_processes import listening

INTERVAL_SECONDS: Final = 5.0
# What a process loads with its first requests is not growth.
WARM_UP: Final = 1 / 3
MEGABYTE: Final = 1_000_000
DATABASE: Final = "PostgreSQL, all sessions"


@dataclass(frozen=True)
class Growth:
    """Memory in MB that no other process shares (USS), and its slope in MB per hour after the warm-up."""

    first: float
    last: float
    most: float
    slope: float
    cpu: float
    """Share of one processor."""


class Sampler:
    """Samples these processes, by name, while it is entered; those in `groups` together with their children."""

    def __init__(self, processes: dict[str, psutil.Process], groups: frozenset[str]) -> None:
        self._processes, self._groups = processes, groups
        self._samples: dict[str, list[tuple[float, float]]] = {name: [] for name in processes}
        self._cpu: dict[str, float] = {}
        self._over, self._thread = Event(), Thread(target=self._run)

    def __enter__(self) -> Self:
        self._began = monotonic()
        self._cpu = self._used()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._seconds = monotonic() - self._began
        used = self._used()
        self._cpu = {name: used[name] - before for name, before in self._cpu.items()}

    def growth(self) -> dict[str, Growth]:
        """Of the processes that lived to the end."""
        return {
            name: growth_of(samples, self._cpu[name] / self._seconds)
            for name, samples in self._samples.items()
            if len(samples) > 2
        }

    @property
    def ended(self) -> list[str]:
        """The processes that ended meanwhile."""
        return [name for name, process in self._processes.items() if not process.is_running()]

    def _used(self) -> dict[str, float]:
        return {name: sum(map(_cpu_seconds, self._all(name))) for name in self._processes}

    def _all(self, name: str) -> list[psutil.Process]:
        process = self._processes[name]
        children = process.children() if name in self._groups and process.is_running() else []
        return [process, *children]

    def _run(self) -> None:
        while not self._over.wait(INTERVAL_SECONDS):
            for name in self._processes:
                used = sum(map(_own_bytes, self._all(name)))
                if used:
                    self._samples[name].append((monotonic(), used / MEGABYTE))


def processes_of(port: int, worker: int | None, database: int | None) -> dict[str, psutil.Process]:
    """The processes of the web server at the port, of the worker and of PostgreSQL, whose first ones have these numbers."""
    found: dict[str, psutil.Process] = {}
    servers = sorted(listening(port), key=lambda process: process.pid)
    pids = {process.pid for process in servers}
    for process in servers:
        is_first = process.ppid() not in pids
        found["web, first process" if is_first else f"web {len(found)}"] = process
    if worker and psutil.pid_exists(worker):
        first = psutil.Process(worker)
        for number, process in enumerate([first, *first.children(recursive=True)]):
            found[f"worker {number}" if number else "worker"] = process
    if database and psutil.pid_exists(database):
        found[DATABASE] = psutil.Process(database)
    return found


def growth_of(samples: Sequence[tuple[float, float]], cpu: float) -> Growth:
    sizes = [size for _, size in samples]
    settled = samples[int(len(samples) * WARM_UP) :]
    return Growth(sizes[0], sizes[-1], max(sizes), _slope(settled) * 3_600, cpu)


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the line with the least squares."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        return float(sum(process.cpu_times()[:2]))
    except psutil.Error:
        return 0.0


def _own_bytes(process: psutil.Process) -> int:
    """0 if it has ended."""
    try:
        return int(process.memory_full_info().uss)
    except psutil.Error:
        return 0
