"""What is held to be fast enough, beside what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from jobs.benchmark import calls
from jobs.benchmark.bench import Results
from jobs.benchmark.figures import median, ratio, sensible, times
from jobs.benchmark.pairs import SEARCHES, Pair
from jobs.benchmark.tables import table
from jobs.written import FORMATS

TYPICAL_SEARCH_MS, WORST_SEARCH_MS = 40.0, 400.0
OPEN_TABS_PERCENT = 12.0
HEARD_MS, STREAMS_MB = 1_000.0, 20.0
LOADING_SECONDS, LOADING_JOBS = 600.0, 10_000_000
EXPORT_TIMES, IMPORT_TIMES = 2.5, 4.0
ENOUGH_TO_TELL = 100_000  # with fewer, starting the program is most of it


@dataclass(frozen=True)
class Goal:
    """`most` and `measured` in the unit: ms, ×, or s."""

    name: str
    most: float
    measured: float | None
    unit: str = "ms"

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        return "met" if self.measured <= self.most else "missed"

    def row(self) -> list[str]:
        return [self.name, self._text(self.most), self._text(self.measured), self.verdict]

    def _text(self, number: float | None) -> str:
        if number is None or self.unit == "×":
            return times(number)
        return f"{sensible(number)} {self.unit}"


def goals(results: Results) -> Iterator[Goal]:
    samples = results.samples
    cpu = {name: sample.cpu_ms for name, sample in samples.items()}
    yield Goal("JSON list, CPU of the application", 1.0, cpu[calls.FIRST])
    yield Goal(
        "the same, to the raw json_agg", 2.5, ratio(cpu[calls.FIRST], cpu[calls.RAW]), unit="×"
    )
    yield Goal("HTML fragment, CPU of the application", 2.0, cpu[calls.FRAGMENT])
    yield Goal("create, CPU of the application", 1.0, cpu[calls.CREATE])
    yield Goal("status change, CPU of the application", 1.0, cpu[calls.CHANGE])
    ms = {name: sample.elapsed_ms for name, sample in samples.items()}
    deep = ratio(ms.get(calls.DEEP), ms[calls.FIRST])
    yield Goal("deep page, to the first", 1.2, deep, unit="×")
    yield Goal("exact counts while 8 clients write, p50", 5.0, results.counting.p50)
    tabs = results.open_tabs
    core = None if tabs.core is None else tabs.core * 100
    yield Goal(f"{tabs.tabs:,} open tabs, of one core", OPEN_TABS_PERCENT, core, unit="%")
    streams = results.streams
    name = f"{streams.clients:,} streams of events"
    yield Goal(f"{name}, heard, p99", HEARD_MS, None if streams.missed else streams.p99)
    yield Goal(f"{name}, memory", STREAMS_MB, streams.megabytes, unit="MB")
    searched = [pair for pair in results.pairs if SEARCHES[pair.search]]
    yield Goal(
        "search, typical (median of all pairs, usual direction)",
        TYPICAL_SEARCH_MS,
        typical_ms(searched),
    )
    worst = max((pair.worst_ms for pair in searched), default=None)
    yield Goal("search, worst of all pairs", WORST_SEARCH_MS, worst)
    for shape, questions in results.questions.items():
        drawn = [each.ms for each in questions]
        name = f"search, questions drawn at random, {shape} names"
        yield Goal(f"{name}, median", TYPICAL_SEARCH_MS, median(drawn))
        yield Goal(f"{name}, worst", WORST_SEARCH_MS, max(drawn))
    moved = results.transfers
    told = moved.jobs >= ENOUGH_TO_TELL
    for form in FORMATS:
        worst = moved.out_ratio(form) if told else None
        yield Goal(f"export of all jobs as {form}, to COPY", EXPORT_TIMES, worst, unit="×")
    yield Goal(
        "import, to COPY into both tables", IMPORT_TIMES, moved.in_ratio if told else None, unit="×"
    )
    loaded = results.loaded
    seconds = LOADING_JOBS / loaded.per_second if loaded.seeded >= ENOUGH_TO_TELL else None
    yield Goal("loading 10 million jobs, at the rate measured", LOADING_SECONDS, seconds, unit="s")


def typical_ms(pairs: list[Pair]) -> float | None:
    return median([pair.usual_ms for pair in pairs]) if pairs else None


def goals_table(results: Results) -> str:
    head = ["Goal", "At most", "Measured", ""]
    return table(head, (goal.row() for goal in goals(results)), text_columns=[0, 3])
