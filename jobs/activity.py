"""The number of recorded statuses over time, including the first one of each job, from counters maintained on write.

Deleting a job does not decrease them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection

from jobs.statuses import StatusType

# Buckets are aligned to multiples of their width from here: to minutes, quarters of an hour and even hours in UTC.
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Writers compact the counters as they append to them; a reader that sums more delta rows than this does so too.
COMPACT_ACTIVITY_ABOVE: Final = 10_000

READ: Final = """
SELECT date_bin(%(width)s::interval, minute, %(epoch)s), status, sum(n)::bigint, count(*) FROM job_activity
WHERE minute >= %(start)s AND minute < %(end)s GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Range:
    """`count` buckets of equal width; the last one contains the current time."""

    width: timedelta
    count: int


RANGES: Final = {
    "hour": Range(timedelta(minutes=1), 60),
    "day": Range(timedelta(minutes=15), 96),
    "week": Range(timedelta(hours=2), 84),
}


class Bucket(NamedTuple):
    """The statuses recorded from `start` (inclusive) to `end` (exclusive)."""

    start: datetime
    end: datetime
    by_status: dict[StatusType, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def read_buckets(wanted: Range, now: datetime) -> list[Bucket]:
    """All buckets of the range, including empty ones, oldest first. One query over a few thousand delta rows."""
    newest = now - (now - EPOCH) % wanted.width
    starts = [newest - index * wanted.width for index in reversed(range(wanted.count))]
    counted: dict[datetime, dict[StatusType, int]] = {start: {} for start in starts}
    delta_rows = 0
    with connection.cursor() as cursor:
        bounds = {"start": starts[0], "end": newest + wanted.width}
        width = f"{wanted.width.total_seconds()} seconds"
        cursor.execute(READ, {"width": width, "epoch": EPOCH, **bounds})
        for start, status, number, rows in cursor.fetchall():
            counted[start][StatusType(status)] = number
            delta_rows += rows
        if delta_rows > COMPACT_ACTIVITY_ABOVE:
            cursor.execute("SELECT job_activity_fold()")
    return [Bucket(start, start + wanted.width, counts) for start, counts in counted.items()]
