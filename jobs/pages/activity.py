"""The picture above the table: status changes over time, as bars, as numbers, and as links to the jobs of a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jobs.activity import Bucket
from jobs.statuses import StatusType

COOKIE: Final = "activity"
HIDDEN: Final = "none"
DEFAULT: Final = "hour"
CHOICES: Final = {"hour": "Hour", "day": "Day", "week": "Week", HIDDEN: "Hide"}
PER: Final = {"hour": "a minute", "day": "in 15 minutes", "week": "in 2 hours"}
# From the ground up: what ended, then what is on its way.
STACK: Final = (StatusType.FAILED, StatusType.COMPLETED, StatusType.RUNNING, StatusType.PENDING)
STATUSES: Final = {status: status.label for status in StatusType}
# The drawing's own units; the page stretches it.
HEIGHT: Final = 56
STEP: Final = 10
BAR: Final = 8
MINUTE: Final = timedelta(minutes=1)


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
        "legend": [(status, label, None) for status, label in STATUSES.items()],
    }


def picture(name: str, buckets: list[Bucket]) -> dict[str, Any]:
    peak = max(bucket.total for bucket in buckets)
    sums = {status: sum(b.by_status.get(status, 0) for b in buckets) for status in StatusType}
    return outline(name) | {
        "is_drawn": True,
        "width": len(buckets) * STEP,
        "bars": [(status, path) for status, path in _bars(buckets, peak).items() if path],
        "links": _links(buckets),
        "rows": _rows(buckets),
        "legend": [(status, label, f"{sums[status]:,}") for status, label in STATUSES.items()],
        "peak": f"{peak:,} {PER[name]}",
        "tick": "date" if name == "week" else "clock",
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


def _links(buckets: list[Bucket]) -> SafeString:
    """Over each bar a link, for the pointer; for the keyboard they are one stop, the newest."""
    held = [(number, bucket) for number, bucket in enumerate(buckets) if bucket.total]
    form = _form("bar", ("exact", "end", "query", "tabindex", "title", "x"))
    html = (
        form
        % {
            "exact": _moment(bucket.start),
            "end": _moment(bucket.end),
            "query": _query(bucket),
            "tabindex": 0 if bucket is held[-1][1] else -1,
            "title": _title(bucket),
            "x": number * STEP,
        }
        for number, bucket in held
    )
    return mark_safe("".join(html))  # noqa: S308  # moments and numbers of ours


def _rows(buckets: list[Bucket]) -> SafeString:
    """The same as a table, the newest first, each number a link."""
    form = _form("row", ("query", "exact", "start", "cells"))
    linked, empty = _form("cell", ("query", "number")), _form("cell", ())
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
            html.append(form % (start | {"query": query, "cells": "".join(cells)}))
    return mark_safe("".join(html))  # noqa: S308  # moments and numbers of ours


@cache
def _form(part: str, fields: tuple[str, ...]) -> str:
    """A template as a %-format, rendered once: rendered bar by bar it is most of the picture's cost (rows.py)."""
    marks = {field: f"@@{field}@@" for field in fields}
    form = render_to_string(f"components/activity_{part}.html", {part: marks}).strip()
    for field, mark in marks.items():
        form = form.replace(mark, f"%({field})s")
    return form


def _title(bucket: Bucket) -> str:
    """`Sun 13:40 to 13:41: 12 completed, 3 failed`."""
    counts = ((label, bucket.by_status.get(status, 0)) for status, label in STATUSES.items())
    parts = [f"{n:,} {label.lower()}" for label, n in counts if n]
    return f"{bucket.start:%a %H:%M} to {bucket.end:%H:%M}: {', '.join(parts)}"


def _query(bucket: Bucket) -> str:
    """The list of the jobs last updated then; a minute that is named counts whole."""
    first, last = (f"{at:%Y-%m-%dT%H:%MZ}" for at in (bucket.start, bucket.end - MINUTE))
    return f"q=updated:{first}" if first == last else f"q=updated:{first}..{last}"


def _tick(moment: datetime, name: str) -> str:
    day = f"{moment.day} {moment:%b} " if name == "week" else ""
    return f"{day}{moment:%H:%M}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
