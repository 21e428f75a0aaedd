"""All parts at once, each client in a process of its own; then what must be exact."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from jobs.benchmark.database import command, one, rows
from jobs.benchmark.facts import Facts, gather
from jobs.benchmark.load import transfers
from jobs.benchmark.load.memory import DATABASE, Growth, Sampler, processes_of
from jobs.benchmark.load.transfers import Transfers
from jobs.feed import resolve_cursor
from jobs.feed_cursor import NOW, Cursor

END_SECONDS: Final = 300
WRONG_COUNTERS: Final = """
SELECT status, n, counted FROM job_counts
FULL JOIN (SELECT current_status AS status, count(*) AS counted FROM job GROUP BY 1) AS truth USING (status)
WHERE coalesce(n, 0) <> coalesce(counted, 0)
"""
WRONG_STATUSES: Final = """
SELECT count(*) FROM job LEFT JOIN LATERAL (
    SELECT status_type FROM job_status WHERE job_id = job.id ORDER BY id DESC LIMIT 1
) AS newest ON true
WHERE newest.status_type IS DISTINCT FROM job.current_status
"""
EVENTS: Final = """
SELECT count(*), coalesce(sum(id), 0)::bigint FROM job_event WHERE (turn, id) > (%s, %s) AND (turn, id) <= (%s, %s)
"""


@dataclass(frozen=True)
class Task:
    """`worker` and `database` are the numbers of their first processes, if they are on this machine."""

    address: str
    seconds: float
    tabs: int
    streams: int
    worker: int | None
    database: int | None


@dataclass(frozen=True)
class Results:
    before: Facts
    after: Facts
    task: Task
    traffic: Any
    tabs: Any
    streams: Any
    transfers: Transfers
    events: int
    memory: dict[str, Growth]
    wrong: Sequence[str]
    """What is not as it must be, in words; empty if everything is."""


def run(task: Task, say: Callable[[str], None]) -> Results:
    before = gather(settings.QUERY_BUDGET_MS)
    low, high = rows("SELECT coalesce(min(id), 1), coalesce(max(id), 1) FROM job")[0]
    start = resolve_cursor(NOW)
    watched = processes_of(urlsplit(task.address).port or 80, task.worker, task.database)
    say(f"{task.seconds / 60:,.1f} minutes of traffic …")
    with (
        _client("streams", task.address, task.streams, start) as streams,
        Sampler(watched, frozenset({DATABASE})) as sampler,
        _client("tabs", task.address, task.seconds, task.tabs) as tabs,
        _client("traffic", task.address, task.seconds, low, high) as traffic,
    ):
        moved = transfers.run(task.address, monotonic() + task.seconds)
        seen = {"traffic": _result(traffic), "tabs": _result(tabs)}
        say("Waiting for the last events …")
        end = _settled_end()
        seen["streams"] = _result(streams, end)
    say("Comparing …")
    return _compared(task, before, start, end, moved, sampler, **seen)


def _compared(
    task: Task,
    before: Facts,
    start: str,
    end: str,
    moved: Transfers,
    sampler: Sampler,
    traffic: Any,
    tabs: Any,
    streams: Any,
) -> Results:
    [(events, digest)] = rows(EVENTS, [*Cursor.parse(start).position, *Cursor.parse(end).position])
    wrong = [
        *(f"{name}: {found}" for name, found in traffic["errors"].items()),
        *([f"open tabs: {tabs['errors']}"] if tabs["errors"] else []),
        *moved.errors,
        *wrong_streams(streams, events, digest),
        *(f"{name} has ended" for name in sampler.ended),
        *(f"counters: {row}" for row in rows(WRONG_COUNTERS)),
    ]
    if jobs := one(WRONG_STATUSES):
        wrong.append(f"{jobs:,} jobs have another status than the last entry of their history")
    command("ANALYZE")
    after = gather(settings.QUERY_BUDGET_MS)
    return Results(
        before, after, task, traffic, tabs, streams, moved, events, sampler.growth(), wrong
    )


def wrong_streams(streams: Any, events: int, digest: int) -> Iterator[str]:
    """Each stream has got each event that there is, once and in order."""
    if streams["events"] != [events] or streams["digests"] != [digest]:
        yield f"streams: {streams['events']} events, of {events:,}"
    if streams["out_of_order"]:
        yield f"streams: {streams['out_of_order']:,} events repeated or out of order"
    if streams["failed"]:
        yield f"streams: {streams['failed']}"


def _settled_end() -> str:
    """The end of the feed when nothing moves it any more."""
    end, deadline = resolve_cursor(NOW), monotonic() + END_SECONDS
    while monotonic() < deadline:
        sleep(1)
        connection.close()
        last, end = end, resolve_cursor(NOW)
        if end == last:
            break
    return end


@contextmanager
def _client(name: str, *words: object) -> "Iterator[subprocess.Popen[str]]":
    with subprocess.Popen(
        [sys.executable, "-m", f"jobs.benchmark.load.{name}", *map(str, words)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _result(process: "subprocess.Popen[str]", line: str = "") -> Any:
    out, _ = process.communicate(f"{line}\n", timeout=END_SECONDS)
    return json.loads(out)
