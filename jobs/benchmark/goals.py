"""Performance goals, compared with the measurements."""

from collections.abc import Iterator
from dataclasses import dataclass

from jobs.benchmark import calls
from jobs.benchmark.bench import Results
from jobs.benchmark.figures import format_number, median, ratio, times
from jobs.benchmark.pairs import SEARCHES, Pair
from jobs.benchmark.tables import table
from jobs.transfer.formats import FORMATS

TYPICAL_SEARCH_MS, WORST_SEARCH_MS = 40.0, 400.0
OPEN_TABS_PERCENT = 12.0
TOKEN_MS = 0.15
DELIVERY_MS, STREAMS_MB = 1_000.0, 20.0
LOADING_SECONDS, LOADING_JOBS = 600.0, 10_000_000
EXPORT_TIMES, IMPORT_TIMES = 2.5, 4.0
OPERATION_TIMES, WAIT_MS, BUSY_TIMES = 1 / 0.6, 1_000.0, 2.0
MIN_JOBS = 100_000  # with fewer, the time is mostly overhead


@dataclass(frozen=True)
class Goal:
    """`limit` and `measured` are in `unit`."""

    name: str
    limit: float
    measured: float | None
    unit: str = "ms"

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        return "met" if self.measured <= self.limit else "missed"

    def row(self) -> list[str]:
        return [self.name, self._text(self.limit), self._text(self.measured), self.verdict]

    def _text(self, number: float | None) -> str:
        if number is None or self.unit == "×":
            return times(number)
        return f"{format_number(number)} {self.unit}"


def goals(results: Results) -> Iterator[Goal]:
    samples = results.samples
    cpu = {name: sample.cpu_ms for name, sample in samples.items()}
    yield Goal("JSON list, CPU", 1.0, cpu[calls.FIRST])
    to_raw = ratio(cpu[calls.FIRST], cpu[calls.RAW])
    yield Goal("JSON list, CPU relative to json_agg", 2.5, to_raw, unit="×")
    yield Goal("HTML fragment, CPU", 2.0, cpu[calls.FRAGMENT])
    yield Goal("create, CPU", 1.0, cpu[calls.CREATE])
    yield Goal("status change, CPU", 1.0, cpu[calls.CHANGE])
    yield Goal("API token, CPU more than in open mode", TOKEN_MS, results.token_cost.most)
    ms = {name: sample.elapsed_ms for name, sample in samples.items()}
    deep = ratio(ms.get(calls.DEEP), ms[calls.FIRST])
    yield Goal("deep page, relative to the first", 1.2, deep, unit="×")
    yield Goal("exact counts while 8 clients write, p50", 5.0, results.counting.p50)
    tabs = results.open_tabs
    core = None if tabs.core is None else tabs.core * 100
    yield Goal(f"{tabs.tabs:,} open tabs, share of one core", OPEN_TABS_PERCENT, core, unit="%")
    streams = results.streams
    name = f"{streams.clients:,} event streams"
    yield Goal(f"{name}, delivery, p99", DELIVERY_MS, None if streams.missed else streams.p99)
    yield Goal(f"{name}, memory", STREAMS_MB, streams.megabytes, unit="MB")
    searched = [pair for pair in results.pairs if SEARCHES[pair.search]]
    yield Goal(
        "search, median of all pairs in the default direction",
        TYPICAL_SEARCH_MS,
        typical_ms(searched),
    )
    worst = max((pair.worst_ms for pair in searched), default=None)
    yield Goal("search, slowest of all pairs", WORST_SEARCH_MS, worst)
    for shape, searches in results.random_searches.items():
        drawn = [each.ms for each in searches]
        name = f"random searches ({shape})"
        yield Goal(f"{name}, median", TYPICAL_SEARCH_MS, median(drawn))
        yield Goal(f"{name}, slowest", WORST_SEARCH_MS, max(drawn))
    moved = results.transfers
    is_significant = moved.jobs >= MIN_JOBS
    for form in FORMATS:
        export = moved.out_ratio(form) if is_significant else None
        yield Goal(
            f"export of all jobs as {form}, relative to COPY", EXPORT_TIMES, export, unit="×"
        )
    imported = moved.in_ratio if is_significant else None
    yield Goal("import, relative to COPY into both tables", IMPORT_TIMES, imported, unit="×")
    yield from _operations(results)
    loaded = results.loaded
    seconds = LOADING_JOBS / loaded.per_second if loaded.seeded >= MIN_JOBS else None
    yield Goal("loading 10 million jobs, at the measured rate", LOADING_SECONDS, seconds, unit="s")


def _operations(results: Results) -> Iterator[Goal]:
    if not (operations := results.operations):
        return
    is_significant = results.facts.jobs >= MIN_JOBS
    for each in operations.compared:
        name = f"operation: {each.action}, relative to bare SQL"
        yield Goal(name, OPERATION_TIMES, each.ratio if is_significant else None, unit="×")
    waits = operations.waits if is_significant else ()
    name = "rename of a job that an operation is about to change, slowest"
    yield Goal(name, WAIT_MS, max(waits, default=None))
    for name, quiet in operations.quiet.items():
        busy = ratio(operations.busy[name].p99, quiet.p99) if waits else None
        yield Goal(
            f"{name}, p99 during an operation, relative to without", BUSY_TIMES, busy, unit="×"
        )


def typical_ms(pairs: list[Pair]) -> float | None:
    return median([pair.default_ms for pair in pairs]) if pairs else None


def goals_table(results: Results) -> str:
    head = ["Goal", "Limit", "Measured", ""]
    return table(head, (goal.row() for goal in goals(results)), text_columns=[0, 3])
