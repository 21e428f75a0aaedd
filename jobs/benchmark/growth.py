"""`python -m jobs.benchmark.growth`: how a large database behaves, as JSON for docs/scale.md.

It measures the database that DATABASE_URL names, which must have jobs, and in which it changes some and deletes the oldest.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final

import django
from django.db import connection, transaction
from django.test.utils import override_settings


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="requests of each call")
    parser.add_argument("--seconds", type=float, default=3, help="at most, for each call")
    parser.add_argument("--changes", type=int, default=1_000, help="changes whose WAL is measured")
    parser.add_argument("--delete", type=int, default=100_000, help="how many of the oldest jobs")
    options = parser.parse_args()
    django.setup()
    with override_settings(ROOT_URLCONF="jobs.benchmark.urls"):
        found = measure(options.rounds, options.seconds, options.changes, options.delete)
    json.dump(found, sys.stdout, indent=1)


def measure(rounds: int, seconds: float, changes: int, deleted: int) -> dict[str, Any]:
    # These need the settings.
    from jobs.benchmark import calls, in_process
    from jobs.benchmark.app import App
    from jobs.benchmark.database import some_ids
    from jobs.benchmark.deep_pages import middle_page
    from jobs.benchmark.limits import Limits

    app, ids = App(), some_ids(256)
    deep = middle_page([], ids[len(ids) // 2])
    reads = [*calls.floors(), *calls.reads(deep, ids), *calls.writes(ids)]
    samples = in_process.measure(app, reads, Limits(rounds=rounds, call_seconds=seconds))
    return {
        "sizes": _sizes(),
        "milliseconds": {name: sample.elapsed_ms for name, sample in samples.items()},
        "unexpected": sum(sample.unexpected for sample in samples.values()),
        "wal_bytes": _wal(app, changes),
        "maintenance_seconds": {statement: _timed(statement) for statement in MAINTENANCE},
        "deletion": _deletion(deleted),
    }


MAINTENANCE: Final = (
    "ANALYZE job",
    "ANALYZE job_status",
    "VACUUM (INDEX_CLEANUP ON) job",
    "VACUUM (INDEX_CLEANUP ON) job_status",
    "REINDEX INDEX CONCURRENTLY job_pkey",
)


def _sizes() -> dict[str, Any]:
    from jobs.sizes import sizes

    found = sizes()
    return {
        "jobs": found.jobs,
        "size": found.size,
        "tables": {table.name: (table.heap, table.indexes, table.total) for table in found.tables},
        "indexes": {index.name: index.size for index in found.indexes},
    }


def _wal(app: Any, number: int) -> dict[str, float]:
    """Bytes for each change: of new jobs, of jobs all over the table, and of the same jobs once more."""
    from jobs.benchmark import calls
    from jobs.benchmark.database import some_ids

    spread = calls.changes(some_ids(number))
    half = len(spread) // 2

    measured = {
        "create": [calls.NEW_JOB] * number,
        "status change, jobs all over the table": list(spread[:half]),
        "status change, the same jobs again": list(spread[half:]),
    }
    found = {}
    for name, requests in measured.items():
        with _written() as wal:
            for request in requests:
                app.expect(request)
        found[name] = wal[0] / len(requests)
    return found


def _deletion(number: int) -> dict[str, float]:
    """The oldest jobs by an operation, as retention deletes them, run here."""
    from jobs.benchmark.operations import KEEP_FROM_WORKERS
    from jobs.operations.changes import Request, create_operation
    from jobs.operations.rows import Action, read_operation
    from jobs.operations.running import run
    from jobs.operations.selection import Selection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT created_at FROM job ORDER BY created_at, id OFFSET %s LIMIT 1", [number]
        )
        [until] = cursor.fetchone()
    selection = Selection.stored(f"created:<{until:%Y-%m-%dT%H:%M:%S}", None, None)
    with transaction.atomic(), connection.cursor() as cursor:
        operation = create_operation(Request(Action.DELETE, {}), selection, everything=False)
        cursor.execute(KEEP_FROM_WORKERS, [f"operation-{operation.id}"])
    began = perf_counter()
    with _written() as wal:
        run(operation.id)
    took = perf_counter() - began
    finished = read_operation(operation.id)
    assert finished is not None
    done = finished.done
    return {
        "jobs": done,
        "jobs_per_second": done / took,
        "wal_bytes_per_job": wal[0] / done,
        "vacuum_job_seconds": _timed("VACUUM job"),
        "vacuum_job_status_seconds": _timed("VACUUM job_status"),
    }


@contextmanager
def _written() -> Iterator[list[int]]:
    """The bytes of WAL that were written meanwhile, by everybody; known at the end."""
    wal: list[int] = []
    before = _position()
    yield wal
    wal.append(_position() - before)


def _position() -> int:
    from jobs.benchmark.database import one

    return int(one("SELECT pg_current_wal_insert_lsn() - '0/0'"))


def _timed(statement: str) -> float:
    from jobs.benchmark.database import command

    began = perf_counter()
    command(statement)
    return perf_counter() - began


if __name__ == "__main__":
    main()
