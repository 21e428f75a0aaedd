"""The table of all calls at one size, and the table of their growth with the size."""

from collections.abc import Sequence

from jobs.benchmark import calls
from jobs.benchmark.bench import Results
from jobs.benchmark.clients import NO_RESPONSE
from jobs.benchmark.figures import format_number, ratio, times, whole
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
    "errors",
)


def call_table(results: Results) -> str:
    return table(HEAD, (_row(results, name) for name in results.samples), text_columns=[0, 11])


def _row(results: Results, name: str) -> list[str]:
    sample, load = results.samples[name], results.loads.get(name)
    plain, raw = (results.samples[floor].cpu_ms for floor in (calls.PLAIN, calls.RAW))
    return [
        name,
        format_number(sample.cpu_ms),
        times(ratio(sample.cpu_ms, plain)),
        times(ratio(sample.cpu_ms, raw)),
        format_number(sample.elapsed_ms),
        str(sample.work.queries),
        whole(sample.work.rows),
        whole(sample.size),
        format_number(load.p50 if load else None),
        format_number(load.p99 if load else None),
        format_number(load.per_second if load else None),
        _errors(results, name),
    ]


def _errors(results: Results, name: str) -> str:
    """Unexpected responses, in process and served, with the statuses of those served."""
    sample, load = results.samples[name], results.loads.get(name)
    others = load.others if load else {}
    total = len(sample.cpu) + (load.responses + others.get(NO_RESPONSE, 0) if load else 0)
    errors = sample.unexpected + sum(others.values())
    kinds = ", ".join(f"{number:,} × {status}" for status, number in sorted(others.items()))
    return f"{errors:,} of {total:,}" + (f" ({kinds})" if kinds else "")


def growth_table(all_results: Sequence[Results]) -> str:
    """Elapsed ms of every call in process at every size, and the ratio of the last to the first.

    The first floor does not use the database: its growth is noise of the machine.
    """
    sizes = [result.facts.jobs for result in all_results]
    head = ["Call, ms", *(f"{size:,} jobs" for size in sizes), "last / first"]
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
            [name, *map(format_number, figures), times(ratio(figures[-1], figures[0]))]
            for name, figures in lines.items()
        ),
        text_columns=[0],
    )
