"""How many statuses were recorded, moment by moment, from counters kept on write. Deleting a job takes none back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection

from jobs.statuses import StatusType

# Every bucket begins at a multiple of its width since then: whole minutes, quarters and even hours of UTC.
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Writers fold the counters as they go; a reader who still meets more summands than this does it too.
FOLD_PAST: Final = 10_000

READ: Final = """
SELECT date_bin(%(width)s::interval, minute, %(epoch)s), status, sum(n)::bigint, count(*) FROM job_activity
WHERE minute >= %(start)s AND minute < %(end)s GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Range:
    """So many buckets of one width; the last of them holds the present moment."""

    width: timedelta
    number: int


RANGES: Final = {
    "hour": Range(timedelta(minutes=1), 60),
    "day": Range(timedelta(minutes=15), 96),
    "week": Range(timedelta(hours=2), 84),
}


class Bucket(NamedTuple):
    """What was recorded from `start` on, before `end`."""

    start: datetime
    end: datetime
    by_status: dict[StatusType, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def activity(wanted: Range, now: datetime) -> list[Bucket]:
    """Every bucket of the range, the empty ones too, the oldest first. One query over some thousand summands."""
    newest = now - (now - EPOCH) % wanted.width
    starts = [newest - number * wanted.width for number in reversed(range(wanted.number))]
    counted: dict[datetime, dict[StatusType, int]] = {start: {} for start in starts}
    summands = 0
    with connection.cursor() as cursor:
        bounds = {"start": starts[0], "end": newest + wanted.width}
        width = f"{wanted.width.total_seconds()} seconds"
        cursor.execute(READ, {"width": width, "epoch": EPOCH, **bounds})
        for start, status, number, rows in cursor.fetchall():
            counted[start][StatusType(status)] = number
            summands += rows
        if summands > FOLD_PAST:
            cursor.execute("SELECT job_activity_fold()")
    return [Bucket(start, start + wanted.width, counts) for start, counts in counted.items()]
