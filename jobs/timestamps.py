"""Parsing timestamps and calendar periods in ISO 8601 and RFC 3339. Results are in UTC, and periods half-open."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

ISO_8601: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?)?)?",
    re.I,
)
RFC3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.I | re.ASCII
)


@dataclass(frozen=True)
class Period:
    """A year, month, day, minute, second or microsecond.

    `end` is None for a period that ends after year 9999.
    """

    text: str
    start: datetime
    end: datetime | None

    def __str__(self) -> str:
        return self.text


def parse_timestamp(text: str) -> datetime:
    """An RFC 3339 timestamp, to the microsecond. Raises ValueError if it is not one, OverflowError after year 9999."""
    match = ISO_8601.fullmatch(text) if RFC3339.fullmatch(text) else None
    if match is None:
        raise ValueError(text)
    return _start(*match.groups())


def parse_period(text: str) -> Period | None:
    """None if the text has another format. Raises ValueError or OverflowError if there is no such date or time."""
    match = ISO_8601.fullmatch(text)
    return _period(*match.groups()) if match else None


def _period(
    year: str,
    month: str | None,
    day: str | None,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    zone: str | None,
) -> Period:
    start = _start(year, month, day, hour, minute, second, fraction, zone)
    if month is None:
        return Period(year, start, _after(start, lambda: start.replace(year=start.year + 1)))
    if day is None:
        end = _after(start, lambda: (start + timedelta(days=31)).replace(day=1))
        return Period(f"{year}-{month}", start, end)
    if hour is None:
        return Period(
            start.date().isoformat(), start, _after(start, lambda: start + timedelta(days=1))
        )
    spec, step = "minutes", timedelta(minutes=1)
    if second is not None:
        spec, step = "seconds", timedelta(seconds=1)
    if fraction is not None:
        spec, step = "microseconds", timedelta(microseconds=1)
    text = f"{start.replace(tzinfo=None).isoformat(timespec=spec)}Z"
    return Period(text, start, _after(start, lambda: start + step))


def _start(
    year: str,
    month: str | None = None,
    day: str | None = None,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    fraction: str | None = None,
    zone: str | None = None,
) -> datetime:
    """In UTC. Truncated to microseconds; a leap second becomes the second after it."""
    leap = timedelta(seconds=1) if second == "60" else timedelta()
    start = datetime(
        int(year),
        int(month or 1),
        int(day or 1),
        int(hour or 0),
        int(minute or 0),
        59 if leap else int(second or 0),
        int((fraction or "0")[:6].ljust(6, "0")),
        _zone(zone),
    )
    return (start + leap).astimezone(UTC)


def _after(start: datetime, end: Callable[[], datetime]) -> datetime | None:
    try:
        return end()
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
