"""The report: Markdown that reads as well in a terminal."""

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import fill

from jobs.benchmark.bench import Results
from jobs.benchmark.call_table import call_table, growth_table
from jobs.benchmark.figures import sensible, times
from jobs.benchmark.goals import TYPICAL_SEARCH_MS, WORST_SEARCH_MS, goals_table
from jobs.benchmark.limits import Limits
from jobs.benchmark.pair_tables import pair_tables
from jobs.benchmark.question_table import questions_table
from jobs.benchmark.tables import table

WIDTH = 119
SHAPE_NAMES = {
    "many": "Many distinct names",
    "few": "Few names, each there very often",
    "paths": "Long paths with digits",
}
HOW = """\
Absolute times vary from machine to machine, ratios less. *CPU ms* is the application's own CPU per request: Django's
handler with every middleware, in this process, up to the last byte of the body; *ms* is the clock's time for the same,
so it includes the database. Both are medians of requests in turn, one of every call after the other, so that what
disturbs the machine disturbs all alike. *To plain* and *to raw* are the CPU in relation to the two floors: an answer
without a database, and the same fifty rows as one text made by PostgreSQL. *Queries* and *rows read* are one request's:
rows that scans of tables delivered or threw away, by `EXPLAIN (ANALYZE)`. *p50* and *p99* were met by {clients} clients
with kept connections on the dashboard as `make up` serves it; clients, dashboard and PostgreSQL shared the cores. The
deep page is the one in the middle, found by key. A *wrong answer* has another status than it should, or is none."""
PAIRS = """\
Each filter with each ordering and each kind of search, as JSON, in this process. *Usual* is the first
page in the direction that a heading's first click gives, newest first or A to Z; the rest holds both directions, the
slower of them. *First* is the first page; *deep* the slowest of the middle, the last page, the one before it, and the
two after the first. *Two* statuses are PENDING and FAILED, *three* all but FAILED. The indexes are those that were used, of the
page and of its count. Goals of a search: {typical:.0f} ms typically (the median), {worst:.0f} ms at the worst."""


def report(title: str, results: Sequence[Results], limits: Limits) -> str:
    """`title` is the command that was given. The last of the results is shown whole."""
    return "\n\n".join(_blocks(title, results, limits)) + "\n"


def _blocks(title: str, results: Sequence[Results], limits: Limits) -> Iterator[str]:
    whole = results[-1]
    yield "# Performance"
    yield f"Measured on {date.today():%d %B %Y} by `{title}`."
    yield _facts(whole)
    yield "## Goals"
    yield goals_table(whole)
    if len(results) > 1:
        yield "## Growth"
        yield growth_table(results)
    yield f"## Every call, {whole.facts.jobs:,} jobs"
    yield call_table(whole)
    yield _wrapped(HOW.format(clients=limits.clients))
    yield f"## Counts while {limits.clients} clients write"
    yield _counting(whole)
    yield f"## {whole.open_tabs.tabs:,} open tabs"
    yield _open_tabs(whole)
    yield f"## {whole.streams.clients:,} streams of events"
    yield _streams(whole)
    yield "## For comparison"
    yield _comparison(whole)
    yield "## Out and in"
    yield _transfers(whole)
    yield "## Loading"
    yield _loading(results)
    yield "## Questions drawn at random"
    for shape, asked in whole.questions.items():
        yield f"### {SHAPE_NAMES[shape]}"
        yield from questions_table(asked, limits.seed)
    yield "## Filters, orderings, searches"
    limits_ms = {"typical": TYPICAL_SEARCH_MS, "worst": WORST_SEARCH_MS}
    yield _wrapped(PAIRS.format(**limits_ms))
    yield from pair_tables(whole.pairs)


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _facts(results: Results) -> str:
    facts = results.facts
    budget = f"{facts.budget_ms:,} ms" if facts.budget_ms else "none"
    return _wrapped(
        f"{facts.jobs:,} jobs with {facts.statuses:,} statuses, a database of "
        f"{facts.database_mb:,.0f} MB; PostgreSQL {facts.postgresql} with {facts.shared_buffers} of "
        f"shared_buffers, Python {facts.python}, Django {facts.django}; {facts.cores} cores for all "
        f"of it. Query budget: {budget}."
    )


def _counting(results: Results) -> str:
    counting = results.counting
    wrong = sum(counting.writes.others.values())
    rest = f"; what it set off: p99 {sensible(counting.rest_p99)} ms" if counting.rest_p99 else ""
    return _wrapped(
        f"The counts were asked for {counting.asked:,} times while {counting.writes.answers:,} "
        f"status changes and creations were answered ({sensible(counting.writes.per_second)} per "
        f"second, p99 {sensible(counting.writes.p99)} ms, wrong answers: {wrong:,}). Time in the "
        f"database: p50 {sensible(counting.p50)} ms, p99 {sensible(counting.p99)} ms{rest}. "
        + (
            "Afterwards the counts were exactly those of GROUP BY."
            if counting.exact
            else "**Afterwards the counts were not those of GROUP BY.**"
        )
    )


def _open_tabs(results: Results) -> str:
    tabs = results.open_tabs
    core = "unknown" if tabs.core is None else f"{tabs.core:.1%}"
    return _wrapped(
        f"All of them looked at and in use, each wishing to ask every three seconds, on four different lists, while "
        f"somebody makes a change each second: for {tabs.seconds:.0f} s they asked "
        f"{sensible(tabs.per_second)} times per second, as often as the server lets them; "
        f"{tabs.unchanged:.0%} of the answers were 304, p50 {sensible(tabs.p50)} ms, p99 "
        f"{sensible(tabs.p99)} ms, wrong answers: {sum(tabs.others.values()):,}. The server's processes took "
        f"{core} of one core, PostgreSQL's apart."
    )


def _streams(results: Results) -> str:
    streams = results.streams
    grown = "unknown" if streams.megabytes is None else f"{streams.megabytes:.1f} MB"
    core = "unknown" if streams.core is None else f"{streams.core:.1%} of one core"
    return _wrapped(
        f"{streams.clients:,} clients listened while {streams.writes:,} jobs were made, two a second. From the request "
        f"that made one until a client heard of it: p50 {sensible(streams.p50)} ms, p99 {sensible(streams.p99)} ms; "
        f"not heard: {streams.missed:,} of {streams.clients * streams.writes:,}. The server's processes grew by {grown} "
        f"with all clients and took {core}, PostgreSQL's apart."
    )


def _comparison(results: Results) -> str:
    rows = ([name, sensible(ms)] for name, ms in results.comparison.items())
    return table(["The usual means", "ms"], rows, text_columns=[0])


def _transfers(results: Results) -> str:
    moved = results.transfers
    out = ", ".join(
        f"as {form} {sensible(seconds)} s ({times(moved.out_ratio(form))})"
        for form, seconds in moved.out.items()
    )
    return _wrapped(
        f"All {moved.jobs:,} jobs out: by COPY TO STDOUT {sensible(moved.copy_out)} s; exported {out}. "
        f"{moved.imported:,} jobs in, with their histories, indexes and counters: by COPY FROM STDIN "
        f"{sensible(moved.copy_in)} s; imported as NDJSON {sensible(moved.into)} s "
        f"({times(moved.in_ratio)}). Medians of turns, in process."
    )


def _loading(results: Sequence[Results]) -> str:
    head = ["Up to jobs", "by seed_jobs", "seconds", "jobs per second", "peak memory, MB"]
    rows = (
        [
            f"{result.facts.jobs:,}",
            f"{result.loaded.seeded:,}",
            sensible(result.loaded.seconds),
            sensible(result.loaded.per_second),
            sensible(result.loaded.peak_mb),
        ]
        for result in results
    )
    return table(head, rows, text_columns=[])
