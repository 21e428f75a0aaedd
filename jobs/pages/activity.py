"""The picture above the table: status changes over time, as bars, as numbers, and as links to the jobs of a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from jobs.activity import Bucket
from jobs.statuses import StatusType

COOKIE: Final = "activity"
HIDDEN: Final = "none"
DEFAULT: Final = "hour"
CHOICES: Final = {"hour": "Hour", "day": "Day", "week": "Week", HIDDEN: "Hide"}
PER: Final = {"hour": "a minute", "day": "in 15 minutes", "week": "in 2 hours"}
# From the ground up: what ended, then what is on its way.
STACK: Final = (StatusType.FAILED, StatusType.COMPLETED, StatusType.RUNNING, StatusType.PENDING)
# The drawing's own units; the page stretches it.
HEIGHT: Final = 56
STEP: Final = 10
BAR: Final = 8


@dataclass(frozen=True)
class Column:
    """One bucket that holds something: where its bar stands, what it says, and where it leads."""

    x: int
    title: str
    bucket: Bucket

    @property
    def start_exact(self) -> str:
        return _moment(self.bucket.start)

    @property
    def start(self) -> str:
        return f"{self.bucket.start:%a %H:%M}"

    @property
    def query(self) -> str:
        return _query(self.bucket)

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Per status, the number as text, and the query it leads to; none where there is nothing."""
        counts = ((status, self.bucket.by_status.get(status, 0)) for status in StatusType)
        return [(f"{n:,}", _query(self.bucket, status) if n else "") for status, n in counts]


def chosen(*wishes: str | None) -> str:
    """The first of them that names a range, or none at all; else the usual one."""
    return next((wish for wish in wishes if wish in CHOICES), DEFAULT)


def outline(name: str) -> dict[str, Any]:
    """The picture before it is drawn: as large, and empty."""
    return {
        "name": name,
        "choices": [
            (choice, label, choice == name)
            for choice, label in CHOICES.items()
            if (choice, name) != (HIDDEN, HIDDEN)
        ],
        "is_hidden": name == HIDDEN,
        "words": f"in the last {name}",
        "legend": [(status, status.label, None) for status in StatusType],
    }


def picture(name: str, buckets: list[Bucket]) -> dict[str, Any]:
    peak = max(bucket.total for bucket in buckets)
    sums = {status: sum(b.by_status.get(status, 0) for b in buckets) for status in StatusType}
    return outline(name) | {
        "is_drawn": True,
        "width": len(buckets) * STEP,
        "bars": [(status, path) for status, path in _bars(buckets, peak).items() if path],
        "columns": [
            Column(number * STEP, _title(bucket), bucket)
            for number, bucket in enumerate(buckets)
            if bucket.total
        ],
        "legend": [(status, status.label, f"{sums[status]:,}") for status in StatusType],
        "peak": f"{peak:,} {PER[name]}",
        "start": _tick(buckets[0].start, name),
        "start_exact": _moment(buckets[0].start),
        "end": _tick(buckets[-1].end, name),
        "end_exact": _moment(buckets[-1].end),
    }


def _bars(buckets: Iterable[Bucket], peak: int) -> dict[StatusType, str]:
    """For each status, all its parts of all bars as one path. What is there at all is seen: at least a unit high."""
    paths: dict[StatusType, list[str]] = {status: [] for status in STACK}
    for number, bucket in enumerate(buckets):
        ground = float(HEIGHT)
        for status in STACK:
            if n := bucket.by_status.get(status, 0):
                # room for the least height of the others, and for the gaps between
                height = max(round(n / peak * (HEIGHT - 2 * len(STACK)), 1), 1.0)
                ground = round(ground - height, 1)
                paths[status].append(f"M{number * STEP + 1} {ground}h{BAR}v{height}h-{BAR}z")
                ground -= 1
    return {status: "".join(parts) for status, parts in paths.items()}


def _title(bucket: Bucket) -> str:
    """`Sun 13:40 to 13:41: 12 completed, 3 failed`."""
    parts = [
        f"{bucket.by_status[status]:,} {status.label.lower()}"
        for status in StatusType
        if status in bucket.by_status
    ]
    return f"{bucket.start:%a %H:%M} to {bucket.end:%H:%M}: {', '.join(parts)}"


def _query(bucket: Bucket, status: StatusType | None = None) -> str:
    """The list of the jobs last updated then; a minute that is named counts whole."""
    last = bucket.end - timedelta(minutes=1)
    query = {"q": f"updated:{bucket.start:%Y-%m-%dT%H:%MZ}..{last:%Y-%m-%dT%H:%MZ}"}
    return urlencode(query | ({"status": status.value} if status else {}), safe=":")


def _tick(moment: datetime, name: str) -> str:
    return f"{moment:%H:%M}" if name == "hour" else f"{moment:%a %H:%M}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
