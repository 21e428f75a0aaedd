"""The report: Markdown that is also readable in a terminal."""

from collections.abc import Iterator, Sequence
from datetime import date

from jobs.benchmark.bench import Results
from jobs.benchmark.call_table import call_table, growth_table
from jobs.benchmark.figures import format_number, times
from jobs.benchmark.goals import TYPICAL_SEARCH_MS, WORST_SEARCH_MS, goals_table
from jobs.benchmark.limits import Limits
from jobs.benchmark.operation_tables import operation_tables
from jobs.benchmark.pair_tables import pair_tables
from jobs.benchmark.random_search_table import random_search_table
from jobs.benchmark.tables import table
from jobs.benchmark.wrapping import wrapped

SHAPE_NAMES = {
    "many": "Many distinct names",
    "few": "Few distinct names",
    "paths": "Long paths with digits",
    "labels": "Labels and keys",
}
HOW = """\
Absolute times vary between machines, ratios less so. *CPU ms* is the application's CPU time per request: Django's
handler with every middleware, in process, up to the last byte of the body. *ms* is the elapsed time of the same, including
the database. Both are medians of interleaved requests, so that disturbances of the machine affect all calls alike. *To
plain* and *to raw* are ratios of the CPU time to that of the two floors: a response without the database, and the same
fifty rows as JSON text from PostgreSQL. *Queries* and *rows read* are those of one request; the rows are those that table
scans returned or discarded, according to `EXPLAIN (ANALYZE)`. *p50* and *p99* are from {clients} clients with persistent
connections to the dashboard as `make up` serves it; clients, dashboard and PostgreSQL shared the cores. The deep page is
in the middle of the list, found by its key. *Errors* are responses with an unexpected status, and missing responses."""
PAIRS = """\
Each filter with each ordering and each kind of search, as JSON, in process. *Default* is the first page in the default
direction of the ordering, newest first or A to Z; the other columns are for the slower of both directions. *First* is the
first page; *deep* the slowest of the middle page, the last, the one before it, and the two after the first. *Two* statuses
are PENDING and FAILED, *three* all but FAILED. The indexes are those used for the page and its count. The goals of a
search are a median of {typical:.0f} ms and at most {worst:.0f} ms."""


def report(title: str, results: Sequence[Results], limits: Limits) -> str:
    """`title` is the command that was run. The last of the results is shown in full."""
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
    yield wrapped(HOW.format(clients=limits.clients))
    yield "## API tokens"
    yield _token_cost(whole)
    yield f"## Counts while {limits.clients} clients write"
    yield _counting(whole)
    yield f"## {whole.open_tabs.tabs:,} open tabs"
    yield _open_tabs(whole)
    yield f"## {whole.streams.clients:,} event streams"
    yield _streams(whole)
    yield "## For comparison"
    yield _comparison(whole)
    yield "## Export and import"
    yield _transfers(whole)
    if whole.operations:
        yield "## Operations"
        yield from operation_tables(whole.operations)
    yield "## Loading"
    yield _loading(results)
    yield "## Random searches"
    for shape, searches in whole.random_searches.items():
        yield f"### {SHAPE_NAMES[shape]}"
        yield from random_search_table(searches, limits.seed)
    yield "## Filters, orderings, searches"
    limits_ms = {"typical": TYPICAL_SEARCH_MS, "worst": WORST_SEARCH_MS}
    yield wrapped(PAIRS.format(**limits_ms))
    yield from pair_tables(whole.pairs)


def _facts(results: Results) -> str:
    facts = results.facts
    timeout_ms = facts.statement_timeout_ms
    timeout = f"{timeout_ms:,} ms" if timeout_ms else "none"
    return wrapped(
        f"{facts.jobs:,} jobs with {facts.statuses:,} statuses, a database of "
        f"{facts.database_mb:,.0f} MB; PostgreSQL {facts.postgresql} with {facts.shared_buffers} of "
        f"shared_buffers, Python {facts.python}, Django {facts.django}; all on {facts.cores} cores. "
        f"Statement timeout: {timeout}."
    )


def _counting(results: Results) -> str:
    counting = results.counting
    errors = sum(counting.writes.others.values())
    other = (
        f"; other statements: p99 {format_number(counting.other_p99)} ms"
        if counting.other_p99
        else ""
    )
    return wrapped(
        f"The counts were requested {counting.requests:,} times during {counting.writes.responses:,} "
        f"status changes and creations ({format_number(counting.writes.per_second)} per "
        f"second, p99 {format_number(counting.writes.p99)} ms, errors: {errors:,}). Time in the "
        f"database: p50 {format_number(counting.p50)} ms, p99 {format_number(counting.p99)} ms{other}. "
        + (
            "Afterwards the counts were equal to those of GROUP BY."
            if counting.exact
            else "**Afterwards the counts differed from those of GROUP BY.**"
        )
    )


def _token_cost(results: Results) -> str:
    cost = results.token_cost
    calls = "; ".join(
        f"{name}: {format_number(ms)} ms in open mode, {format_number(cost.added[name])} ms more with a token"
        f" ({times((ms + cost.added[name]) / ms)})"
        for name, ms in cost.without.items()
    )
    return wrapped(
        f"CPU time of a call, in process: {calls}. Medians of the calls and of their differences, with the lookup"
        " of the token, its rate limit and the middleware of login mode; both modes took turns."
    )


def _open_tabs(results: Results) -> str:
    tabs = results.open_tabs
    core = "unknown" if tabs.core is None else f"{tabs.core:.1%}"
    return wrapped(
        f"All tabs are visible and in use, show four different lists, and poll every three seconds unless the server "
        f"demands longer intervals; another client makes a change every second. For {tabs.seconds:.0f} s they polled "
        f"{format_number(tabs.per_second)} times per second, as often as the server allows; "
        f"{tabs.unchanged:.0%} of the responses were 304, p50 {format_number(tabs.p50)} ms, p99 "
        f"{format_number(tabs.p99)} ms, errors: {sum(tabs.others.values()):,}. The server's processes used "
        f"{core} of one core, without PostgreSQL's."
    )


def _streams(results: Results) -> str:
    streams = results.streams
    grown = "unknown" if streams.megabytes is None else f"{streams.megabytes:.1f} MB"
    core = "unknown" if streams.core is None else f"{streams.core:.1%} of one core"
    return wrapped(
        f"{streams.clients:,} clients received events while {streams.writes:,} jobs were created, two per second. Time "
        f"from the request to the event: p50 {format_number(streams.p50)} ms, p99 {format_number(streams.p99)} ms; "
        f"missed events: {streams.missed:,} of {streams.clients * streams.writes:,}. The server's processes grew by "
        f"{grown} with all clients and used {core}, without PostgreSQL's."
    )


def _comparison(results: Results) -> str:
    rows = ([name, format_number(ms)] for name, ms in results.comparison.items())
    return table(["Alternative", "ms"], rows, text_columns=[0])


def _transfers(results: Results) -> str:
    moved = results.transfers
    out = ", ".join(
        f"as {form} {format_number(seconds)} s ({times(moved.out_ratio(form))})"
        for form, seconds in moved.out.items()
    )
    return wrapped(
        f"All {moved.jobs:,} jobs: COPY TO STDOUT {format_number(moved.copy_out)} s; export {out}. "
        f"{moved.imported:,} new jobs, with their histories, indexes and counters: COPY FROM STDIN "
        f"{format_number(moved.copy_in)} s; import as NDJSON {format_number(moved.into)} s "
        f"({times(moved.in_ratio)}). Medians of alternating runs, in process."
    )


def _loading(results: Sequence[Results]) -> str:
    head = ["Up to jobs", "by seed_jobs", "seconds", "jobs per second", "peak memory, MB"]
    rows = (
        [
            f"{result.facts.jobs:,}",
            f"{result.loaded.seeded:,}",
            format_number(result.loaded.seconds),
            format_number(result.loaded.per_second),
            format_number(result.loaded.peak_mb),
        ]
        for result in results
    )
    return table(head, rows, text_columns=[])
