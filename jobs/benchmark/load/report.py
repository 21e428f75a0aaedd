"""The report: Markdown that is also readable in a terminal."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from jobs.benchmark.figures import format_number, median
from jobs.benchmark.load.plan import PLAN
from jobs.benchmark.load.run import Results
from jobs.benchmark.tables import table
from jobs.benchmark.wrapping import wrapped

HOW: Final = """\
Requests are sent when they are due, and their times count from then, so that a slow response hides no other. Clients, dashboard
and PostgreSQL share the processors. Any other status than the expected one, and a missing response, is an error. Each stream has to get each
event that the database has of the time, once and in order, which is compared by their number and the sum of their ids. At the end, the counters are
compared with the jobs, and the status of each job with the last entry of its history. *Memory* is what no other process shares (USS);
*slope* is that of the line with the least squares through the samples of the last two thirds."""


def report(title: str, found: Results) -> str:
    """`title` is the command that was run."""
    return "\n\n".join(_blocks(title, found)) + "\n"


def _blocks(title: str, found: Results) -> Iterator[str]:
    before, after, task = found.before, found.after, found.task
    yield "# Load"
    yield f"Measured on {date.today():%d %B %Y} by `{title}`."
    yield wrapped(
        f"{task.seconds / 60:g} minutes on {before.jobs:,} jobs with {before.statuses:,} statuses; PostgreSQL"
        f" {before.postgresql} with {before.shared_buffers} of shared_buffers, Python {before.python}, Django"
        f" {before.django}; all on {before.cores} cores. At the end there were {after.jobs:,} jobs and"
        f" {after.statuses:,} statuses, and the database had grown from {before.database_mb:,.0f} to"
        f" {after.database_mb:,.0f} MB."
    )
    yield "## Result"
    yield "\n".join(_result(found))
    yield "## Calls"
    yield _calls(found)
    yield "## Transfers"
    yield _transfers(found)
    yield "## Memory"
    yield _memory(found)
    yield wrapped(HOW)


def _result(found: Results) -> Iterator[str]:
    requests = sum(call["responses"] for call in found.traffic["calls"].values())
    polls, streams = found.tabs["responses"], found.streams
    yield f"- **{len(found.wrong) or 'Nothing'} wrong**, of {requests + polls:,} responses."
    yield from (f"  - {what}" for what in found.wrong)
    yield from (f"  - {example}" for example in found.traffic["examples"])
    yield (
        f"- {streams['streams']} streams got {found.events:,} events each; {streams['resumed']:,} were resumed."
    )
    yield f"- {found.tabs['tabs']} open tabs polled {polls:,} times."


def _calls(found: Results) -> str:
    lines = [
        (
            name,
            f"{PLAN[name][0]:g}",
            f"{call['responses']:,}",
            *(format_number(call[key]) for key in ("p50", "p99", "slowest")),
            f"{sum(found.traffic['errors'].get(name, {}).values()):,}",
        )
        for name, call in found.traffic["calls"].items()
    ]
    polls = found.tabs
    times = [format_number(polls[key]) for key in ("p50", "p99", "slowest")]
    lines.append(
        (
            "poll of an open tab",
            format_number(polls["responses"] / found.task.seconds),
            f"{polls['responses']:,}",
            *times,
            f"{sum(polls['errors'].values()):,}",
        )
    )
    head = ("Call, ms", "per second", "responses", "p50", "p99", "slowest", "errors")
    return table(head, lines, [0])


def _transfers(found: Results) -> str:
    lines = [
        (
            name,
            f"{len(seconds)}",
            f"{found.transfers.amounts.get(name, 0):,}",
            format_number(median(seconds)),
            format_number(max(seconds)),
        )
        for name, seconds in found.transfers.seconds.items()
    ]
    return table(("Kind", "times", "jobs", "median, s", "slowest, s"), lines, [0])


def _memory(found: Results) -> str:
    lines = [
        (
            name,
            *(format_number(size) for size in (growth.first, growth.most, growth.last)),
            f"{growth.slope:+.1f}",
            f"{growth.cpu:.0%}",
        )
        for name, growth in found.memory.items()
    ]
    head = ("Process, MB", "first", "most", "last", "slope per hour", "of one processor")
    return table(head, lines, [0])
