"""The chart above the table: status changes over time, as bars and a table, with links to the jobs of each period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from jobs.activity import Bucket
from jobs.pages.format_strings import format_string
from jobs.statuses import StatusType

COOKIE: Final = "activity"
HIDDEN: Final = "none"
DEFAULT: Final = "hour"
CHOICES: Final = {"hour": "Hour", "day": "Day", "week": "Week", HIDDEN: "Hide"}
PERIODS: Final = {"hour": "last hour", "day": "last day", "week": "last 7 days"}
# Unit of the peak: the length of a bucket.
PER_BUCKET: Final = {"hour": "min", "day": "15 min", "week": "2 h"}
# From the bottom up.
STACK: Final = sorted(StatusType, key=lambda status: status.traits.stack)
STATUSES: Final = {status: status.label for status in StatusType}
# In units of the SVG, which the page stretches.
HEIGHT: Final = 56
STEP: Final = 10
BAR: Final = 8
MINUTE: Final = timedelta(minutes=1)


def selected_range(*candidates: str | None) -> str:
    """The first candidate that is one of CHOICES; otherwise DEFAULT."""
    return next((candidate for candidate in candidates if candidate in CHOICES), DEFAULT)


def placeholder(name: str) -> dict[str, Any]:
    """An empty chart of the same size, shown until the chart is loaded."""
    return {
        "name": name,
        "choices": [
            (choice, label, choice == name)
            for choice, label in CHOICES.items()
            if (choice, name) != (HIDDEN, HIDDEN)
        ],
        "is_hidden": name == HIDDEN,
        "period": PERIODS.get(name, ""),
        "legend": [(status, label, None) for status, label in STATUSES.items()],
    }


def chart(name: str, buckets: list[Bucket]) -> dict[str, Any]:
    peak = max(bucket.total for bucket in buckets)
    sums = {status: sum(b.by_status.get(status, 0) for b in buckets) for status in StatusType}
    return placeholder(name) | {
        "is_drawn": True,
        "width": len(buckets) * STEP,
        "bars": [(status, path) for status, path in _bars(buckets, peak).items() if path],
        "links": _links(buckets),
        "rows": _rows(buckets),
        "legend": [(status, label, f"{sums[status]:,}") for status, label in STATUSES.items()],
        "peak": f"{peak:,} per {PER_BUCKET[name]}",
        "tick": "date" if name == "week" else "clock",
        "start": _tick(buckets[0].start, name),
        "start_exact": _moment(buckets[0].start),
        "end": _tick(buckets[-1].end, name),
        "end_exact": _moment(buckets[-1].end),
    }


def _bars(buckets: Iterable[Bucket], peak: int) -> dict[StatusType, str]:
    """One path for each status, with its segment of every bar. A segment is at least one unit high, to be visible."""
    paths: dict[StatusType, list[str]] = {status: [] for status in STACK}
    for number, bucket in enumerate(buckets):
        top = float(HEIGHT)
        for status in STACK:
            if n := bucket.by_status.get(status, 0):
                # Leaves room for the minimum height of the other segments and for the gaps.
                height = max(round(n / peak * (HEIGHT - 2 * len(STACK)), 1), 1.0)
                top = round(top - height, 1)
                paths[status].append(f"M{number * STEP + 1} {top}h{BAR}v{height}h-{BAR}z")
                top -= 1
    return {status: "".join(parts) for status, parts in paths.items()}


def _links(buckets: list[Bucket]) -> SafeString:
    """A link over each bar. Only the newest is a tab stop: arrow keys move between the bars."""
    nonempty = [(number, bucket) for number, bucket in enumerate(buckets) if bucket.total]
    link = _format("bar", ("exact", "end", "query", "tabindex", "title", "x"))
    html = (
        link
        % {
            "exact": _moment(bucket.start),
            "end": _moment(bucket.end),
            "query": _query(bucket),
            "tabindex": 0 if bucket is nonempty[-1][1] else -1,
            "title": _title(bucket),
            "x": number * STEP,
        }
        for number, bucket in nonempty
    )
    return mark_safe("".join(html))  # noqa: S308  # times and numbers only


def _rows(buckets: list[Bucket]) -> SafeString:
    """The rows of the table, newest first. Each number is a link."""
    row = _format("row", ("query", "exact", "start", "cells"))
    linked, empty = _format("cell", ("query", "number")), _format("cell", ()) % {}
    html = []
    for bucket in reversed(buckets):
        if bucket.total:
            query = _query(bucket)
            cells = (
                linked % {"query": f"{query}&amp;status={status}", "number": f"{n:,}"}
                if (n := bucket.by_status.get(status, 0))
                else empty
                for status in STATUSES
            )
            start = {"exact": _moment(bucket.start), "start": f"{bucket.start:%a %H:%M}"}
            html.append(row % (start | {"query": query, "cells": "".join(cells)}))
    return mark_safe("".join(html))  # noqa: S308  # times and numbers only


def _format(part: str, fields: tuple[str, ...]) -> str:
    return format_string(f"components/activity_{part}.html", part, fields).strip()


def _title(bucket: Bucket) -> str:
    """`Sun 13:40 to 13:41: 12 completed, 3 failed`."""
    counts = ((label, bucket.by_status.get(status, 0)) for status, label in STATUSES.items())
    parts = [f"{n:,} {label.lower()}" for label, n in counts if n]
    return f"{bucket.start:%a %H:%M} to {bucket.end:%H:%M}: {', '.join(parts)}"


def _query(bucket: Bucket) -> str:
    """The jobs last updated in the bucket. In a search, the minute that ends a range is included."""
    first, last = (f"{at:%Y-%m-%dT%H:%MZ}" for at in (bucket.start, bucket.end - MINUTE))
    return f"q=updated:{first}" if first == last else f"q=updated:{first}..{last}"


def _tick(moment: datetime, name: str) -> str:
    day = f"{moment.day} {moment:%b} " if name == "week" else ""
    return f"{day}{moment:%H:%M}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
