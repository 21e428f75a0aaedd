"""The tables of operations: their speed beside bare SQL, and what others notice."""

from collections.abc import Iterator

from jobs.benchmark.figures import format_number, percentile
from jobs.benchmark.operations import Compared, Operations
from jobs.benchmark.tables import table
from jobs.benchmark.wrapping import wrapped

HEAD = (
    "Action",
    "jobs",
    "per second",
    "bare SQL per second",
    "speed to bare SQL",
    "WAL per job, kB",
    "bare SQL, kB",
    "median batch",
    "median batch, ms",
    "longest batch, ms",
)
HOW = """\
An operation changes jobs from the start of the table, in this process; statements that make the same changes, and keep no
account of them, change the jobs at its end in batches of the operation's median size. Both alternate, ten times."""


def operation_tables(operations: Operations) -> Iterator[str]:
    yield wrapped(HOW)
    yield table(HEAD, map(_row, operations.compared), text_columns=[0])
    rows = (
        [
            name,
            format_number(quiet.p50),
            format_number(quiet.p99),
            format_number(busy.p50),
            format_number(busy.p99),
        ]
        for name, quiet in operations.quiet.items()
        for busy in [operations.busy[name]]
    )
    head = ["Call", "p50 ms", "p99 ms", "p50 ms during an operation", "p99 ms during an operation"]
    yield table(head, rows, text_columns=[0])
    yield wrapped(_waits(operations))


def _row(each: Compared) -> list[str]:
    jobs = [jobs for jobs, _ in each.batches]
    ms = [seconds * 1000 for _, seconds in each.batches]
    return [
        each.action,
        f"{each.operation.jobs:,}",
        format_number(each.operation.per_second),
        format_number(each.bare.per_second),
        f"{1 / each.ratio:.0%}",
        format_number(each.operation.wal_per_job / 1000),
        format_number(each.bare.wal_per_job / 1000),
        format_number(percentile(jobs, 0.5)),
        format_number(percentile(ms, 0.5)),
        format_number(max(ms)),
    ]


def _waits(operations: Operations) -> str:
    waits = operations.waits
    if not waits:
        return "The operation ended before a job that it was about to change could be renamed."
    return (
        f"{len(waits):,} renames of the jobs that an operation was about to change: p50 "
        f"{format_number(percentile(waits, 0.5))} ms, p99 {format_number(percentile(waits, 0.99))} ms, slowest "
        f"{format_number(max(waits))} ms."
    )
