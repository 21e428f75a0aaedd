"""The exact counts while eight clients write: how long the database takes for them, and whether they are true."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.db import connection
from django.urls import reverse

from jobs.benchmark import calls
from jobs.benchmark.app import App
from jobs.benchmark.database import numbers_by_status
from jobs.benchmark.figures import percentile
from jobs.benchmark.limits import Limits
from jobs.benchmark.requests import Call, get
from jobs.benchmark.served import Load, clients


@dataclass(frozen=True)
class Counting:
    """Times in ms, of the question alone; what it set off afterwards, such as folding, is in `rest_p99`."""

    asked: int
    p50: float
    p99: float
    rest_p99: float
    writes: Load
    exact: bool


def measure(app: App, address: str, ids: Sequence[int], limits: Limits) -> Counting:
    """Asks for the counts, over and over, as long as the clients write; then counts the jobs themselves."""
    changes = calls.changes(ids)
    mixed = tuple(request for change in changes for request in (change, calls.NEW_JOB))
    counts = get(reverse("api:counts"))
    question, rest = [], []
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
            question.append(times[0])
            rest.append(sum(times[1:]))
        [writes] = reports
    told = app.expect(counts).content["by_status"]
    counted = numbers_by_status()
    exact = all(told[status] == counted.get(status, 0) for status in told)
    return Counting(
        len(question),
        percentile(question, 0.5),
        percentile(question, 0.99),
        percentile(rest, 0.99),
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
