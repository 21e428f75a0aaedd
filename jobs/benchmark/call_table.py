"""The table of all calls at one size, and how they grow from the smallest size to the largest."""

from collections.abc import Sequence

from jobs.benchmark import calls
from jobs.benchmark.bench import Results
from jobs.benchmark.figures import ratio, sensible, times, whole
from jobs.benchmark.tables import table

HEAD = (
    "Call",
    "CPU ms",
    "to plain",
    "to raw",
    "ms",
    "queries",
    "rows read",
    "bytes",
    "p50 ms",
    "p99 ms",
    "per second",
    "wrong answers",
)


def call_table(results: Results) -> str:
    return table(HEAD, (_row(results, name) for name in results.samples), text_columns=[0, 11])


def _row(results: Results, name: str) -> list[str]:
    sample, load = results.samples[name], results.loads.get(name)
    plain, raw = (results.samples[floor].cpu_ms for floor in (calls.PLAIN, calls.RAW))
    return [
        name,
        sensible(sample.cpu_ms),
        times(ratio(sample.cpu_ms, plain)),
        times(ratio(sample.cpu_ms, raw)),
        sensible(sample.elapsed_ms),
        str(sample.work.queries),
        whole(sample.work.rows),
        whole(sample.size),
        sensible(load.p50 if load else None),
        sensible(load.p99 if load else None),
        sensible(load.per_second if load else None),
        _wrong(results, name),
    ]


def _wrong(results: Results, name: str) -> str:
    """Answers that were not the expected ones, in this process and served, with the served ones' statuses."""
    sample, load = results.samples[name], results.loads.get(name)
    others = load.others if load else {}
    asked = len(sample.cpu) + (load.answers + others.get("no answer", 0) if load else 0)
    wrong = sample.unexpected + sum(others.values())
    kinds = ", ".join(f"{number:,} × {status}" for status, number in sorted(others.items()))
    return f"{wrong:,} of {asked:,}" + (f" ({kinds})" if kinds else "")


def growth_table(all_results: Sequence[Results]) -> str:
    """Elapsed ms of every call in process, at every size, and the last to the first.

    The first floor asks no database: what it grows by is the machine's doing.
    """
    sizes = [result.facts.jobs for result in all_results]
    head = ["Call, ms", *(f"{size:,} jobs" for size in sizes), "last to first"]
    lines = {
        name: [
            result.samples[name].elapsed_ms if name in result.samples else None
            for result in all_results
        ]
        for name in all_results[-1].samples
    }
    for name in all_results[-1].comparison:
        lines[f"for comparison: {name}"] = [result.comparison[name] for result in all_results]
    lines["loading, peak memory in MB"] = [result.loaded.peak_mb for result in all_results]
    return table(
        head,
        (
            [name, *map(sensible, figures), times(ratio(figures[-1], figures[0]))]
            for name, figures in lines.items()
        ),
        text_columns=[0],
    )
