"""The exact counts while clients write: how long the database takes, and whether they are correct."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.db import connection
from django.urls import reverse

from jobs.benchmark import calls
from jobs.benchmark.app import App
from jobs.benchmark.database import counts_by_status
from jobs.benchmark.figures import percentile
from jobs.benchmark.limits import Limits
from jobs.benchmark.requests import Call, get
from jobs.benchmark.served import Load, clients


@dataclass(frozen=True)
class Counting:
    """Times in ms of the query alone; statements that follow it, such as compaction, are in `other_p99`."""

    requests: int
    p50: float
    p99: float
    other_p99: float
    writes: Load
    exact: bool


def measure(app: App, address: str, ids: Sequence[int], limits: Limits) -> Counting:
    """Requests the counts repeatedly while the clients write, and then compares them with the jobs."""
    changes = calls.changes(ids)
    mixed = tuple(request for change in changes for request in (change, calls.NEW_JOB))
    counts = get(reverse("api:counts"))
    query_times, other_times = [], []
    with clients(
        address,
        [Call("writes", mixed)],
        limits.clients,
        limits.writing_seconds,
        limits.served_requests,
    ) as reports:
        end = perf_counter() + limits.writing_seconds
        while perf_counter() < end:
            times: list[float] = []
            with connection.execute_wrapper(_timer(times)):
                app.expect(counts)
            query_times.append(times[0])
            other_times.append(sum(times[1:]))
        [writes] = reports
    reported = app.expect(counts).content["by_status"]
    actual = counts_by_status()
    exact = all(reported[status] == actual.get(status, 0) for status in reported)
    return Counting(
        len(query_times),
        percentile(query_times, 0.5),
        percentile(query_times, 0.99),
        percentile(other_times, 0.99),
        writes,
        exact,
    )


def _timer(times: list[float]) -> Callable[..., Any]:
    def timed(execute: Callable[..., Any], *words: Any) -> Any:
        began = perf_counter()
        try:
            return execute(*words)
        finally:
            times.append((perf_counter() - began) * 1000)

    return timed
