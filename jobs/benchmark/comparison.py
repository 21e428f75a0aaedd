"""The common alternatives to what the product does, for comparison."""

from time import perf_counter

from jobs.benchmark.database import rows
from jobs.benchmark.figures import median

REPEATS = 3
OFFSET = "OFFSET to the middle, newest first"
GROUP_BY = "exact counts by GROUP BY"
COUNT = "count(*) of all jobs"


def measure(jobs: int) -> dict[str, float]:
    """The median elapsed ms of each, with warm caches."""
    statements = {
        OFFSET: f"""
            SELECT id, name, current_status, created_at, updated_at FROM job
            ORDER BY created_at DESC, id DESC LIMIT 50 OFFSET {jobs // 2}
        """,  # noqa: S608  # a number
        GROUP_BY: "SELECT current_status, count(*) FROM job GROUP BY 1",
        COUNT: "SELECT count(*) FROM job",
    }
    return {name: _elapsed(sql) for name, sql in statements.items()}


def _elapsed(sql: str) -> float:
    times = []
    for _ in range(REPEATS + 1):
        began = perf_counter()
        rows(sql)
        times.append((perf_counter() - began) * 1000)
    return median(times[1:])
