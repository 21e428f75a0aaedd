"""The chart of status changes: a line of words with a sparkline, or opened, with an axis and a table.

It counts changes, not jobs: a job that changes twice counts twice, and one that has been deleted still counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from jobs.activity import Bucket
from jobs.pages.chart_options import CHART, CHOICES, LINE, PERIODS, ChartOptions
from jobs.pages.chart_scale import MARK, STEP, cut_labels, paths, scale_top, tick
from jobs.pages.format_strings import format_string
from jobs.statuses import StatusType

# A bucket of each range: as the unit of the axis, and in words.
UNITS: Final = {"hour": "min", "day": "15 min", "week": "2 h"}
UNIT_WORDS: Final = {"hour": "minute", "day": "15 minutes", "week": "2 hours"}
# How islands/src/time shows the times of a range.
CLOCK, WEEKDAY, DATE = "clock", "weekday", "date"
# In pixels, without the marks of bars that are cut, and the labels beside the marks.
HEIGHT: Final = 46
LABELS: Final = 14
SPARK_HEIGHT: Final = 14


def placeholder(options: ChartOptions) -> dict[str, Any]:
    """A chart without numbers, as tall as the drawn one, shown until that is loaded."""
    is_line = options.view == LINE
    return {
        "options": options,
        "view": options.view,
        "name": f"Changes {options.words}",
        "count": "Changes",
        "numbers": "unknown",
        "scope": options.scope,
        "period": PERIODS[options.range],
        "url": options.url(),
        "page": options.url(view=""),
        "toggle": options.url(view=CHART if is_line else LINE),
        "choices": () if is_line else _choices(options),
    }


def _choices(options: ChartOptions) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "page": options.url(range=name, view=""),
            "url": options.url(range=name),
            "is_current": name == options.range,
        }
        for name, label in CHOICES.items()
    ]


def chart(options: ChartOptions, buckets: list[Bucket]) -> dict[str, Any]:
    sums = {s: sum(b.by_status.get(s, 0) for b in buckets) for s in options.shown}
    drawn = placeholder(options) | _words(options, sums) | {"is_drawn": True}
    totals = [sum(_counts(bucket, options)) for bucket in buckets]
    top = scale_top(totals)
    series = _series(options, buckets)
    drawn["spark"] = {
        "box": f"0 -{MARK} {len(buckets) * STEP} {SPARK_HEIGHT + MARK}",
        "bars": _bars(series, top, SPARK_HEIGHT),
    }
    if options.view == LINE:
        return drawn
    start, end = buckets[0].start, buckets[-1].end
    last = max((place for place, total in enumerate(totals) if total), default=len(buckets) - 1)
    axis = DATE if options.range == "week" else CLOCK
    return drawn | {
        "box": f"0 -{LABELS} {len(buckets) * STEP} {HEIGHT + LABELS}",
        "width": len(buckets) * STEP,
        "half": HEIGHT // 2,
        "full_height": HEIGHT + LABELS,
        "bars": _bars(series, top, HEIGHT),
        "cut": cut_labels(totals, top),
        "ticks": (tick(top), tick(top // 2)),
        "unit": UNITS[options.range],
        "unit_words": UNIT_WORDS[options.range],
        "data": _data(options, buckets),
        "buckets": len(buckets),
        "last": last,
        "newest": len(buckets) - 1,
        "current": {
            "from": _moment(buckets[last].start),
            "to": _moment(buckets[last].end),
            "show": CLOCK if options.range == "hour" else WEEKDAY,
            "span": f"{_clock(buckets[last].start, options)}–{buckets[last].end:%H:%M}",
            "words": parts(zip(options.shown, _counts(buckets[last], options), strict=True)),
        },
        "axis": axis,
        "start": _axis_time(start, axis),
        "start_exact": _moment(start),
        "end": _axis_time(end, axis),
        "end_exact": _moment(end),
        "columns": [status.label for status in options.shown],
        "rows": _rows(options, buckets),
    }


def _words(options: ChartOptions, sums: Mapping[StatusType, int]) -> dict[str, Any]:
    """`2,828 changes`, `in the last hour`, `1,191 to Running, 747 to Completed`, `294 to Failed`."""
    total = sum(sums.values())
    count = f"{total:,} change{'' if total == 1 else 's'}" if total else "No changes"
    ordinary = {status: n for status, n in sums.items() if status != StatusType.FAILED}
    failed = {status: n for status, n in sums.items() if status == StatusType.FAILED}
    several = len(options.shown) > 1 and total
    return {
        "count": count,
        "numbers": "-".join(map(str, sums.values())),
        "ordinary": parts(ordinary.items()) if several and any(ordinary.values()) else "",
        "failed": parts(failed.items()) if several and any(failed.values()) else "",
    }


def parts(counts: Iterable[tuple[StatusType, int]]) -> str:
    """`15 to Pending, 1,191 to Running`, without zeros; `no changes`."""
    words = [f"{n:,} to {status.label}" for status, n in counts if n]
    return ", ".join(words) or "no changes"


def _counts(bucket: Bucket, options: ChartOptions) -> list[int]:
    return [bucket.by_status.get(status, 0) for status in options.shown]


def _series(
    options: ChartOptions, buckets: Sequence[Bucket]
) -> list[tuple[StatusType | None, list[int]]]:
    """What is drawn, from the bottom up: one status in its color, or failures above all others, which share a color."""
    if len(options.shown) == 1:
        [status] = options.shown
        return [(status, [bucket.by_status.get(status, 0) for bucket in buckets])]
    failed = [
        bucket.by_status.get(StatusType.FAILED, 0) if StatusType.FAILED in options.shown else 0
        for bucket in buckets
    ]
    totals = [sum(_counts(bucket, options)) for bucket in buckets]
    others = [total - n for total, n in zip(totals, failed, strict=True)]
    return [(None, others), (StatusType.FAILED, failed)]


def _bars(
    series: Sequence[tuple[StatusType | None, list[int]]], top: int, height: int
) -> list[tuple[StatusType | None, str]]:
    drawn = paths([counts for _, counts in series], top, height)
    return [(status, path) for (status, _), path in zip(series, drawn, strict=True) if path]


def _data(options: ChartOptions, buckets: Sequence[Bucket]) -> str:
    """The numbers, for the readout of islands/src/page/activity.ts."""
    counts = {
        status.value: [bucket.by_status.get(status, 0) for bucket in buckets]
        for status in options.shown
    }
    return json.dumps(
        {"start": _moment(buckets[0].start), "step": _step(buckets), "counts": counts},
        separators=(",", ":"),
    )


def _step(buckets: Sequence[Bucket]) -> int:
    """The length of a bucket in milliseconds."""
    return int((buckets[0].end - buckets[0].start).total_seconds() * 1_000)


def _rows(options: ChartOptions, buckets: Sequence[Bucket]) -> SafeString:
    """The rows of the table, newest first."""
    row = _format("row", ("exact", "start", "cells"))
    cell = _format("cell", ("number",))
    html = []
    for bucket in reversed(buckets):
        counts = _counts(bucket, options)
        if any(counts):
            cells = "".join(cell % {"number": f"{n:,}"} for n in counts)
            start = {"exact": _moment(bucket.start), "start": f"{bucket.start:%a %H:%M}"}
            html.append(row % (start | {"cells": cells}))
    return mark_safe("".join(html))  # noqa: S308  # times and numbers only


def _format(part: str, fields: tuple[str, ...]) -> str:
    return format_string(f"components/activity_{part}.html", part, fields).strip()


def _clock(moment: datetime, options: ChartOptions) -> str:
    return f"{moment:%H:%M}" if options.range == "hour" else f"{moment:%a %H:%M}"


def _axis_time(moment: datetime, axis: str) -> str:
    day = f"{moment.day} {moment:%b} " if axis == DATE else ""
    return f"{day}{moment:%H:%M}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
