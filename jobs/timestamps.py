"""Parsing timestamps and calendar periods in ISO 8601 and RFC 3339, and time zones. Periods are half-open."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ISO_8601: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?)?)?",
    re.I,
)
RFC3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.I | re.ASCII
)


UTC_NAME: Final = "UTC"
# Browsers report these by the names that they had before; some databases of time zones lack the old ones.
RENAMED: Final = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Catamarca": "America/Argentina/Catamarca",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Cordoba": "America/Argentina/Cordoba",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Jujuy": "America/Argentina/Jujuy",
    "America/Louisville": "America/Kentucky/Louisville",
    "America/Mendoza": "America/Argentina/Mendoza",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
}
ZONE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
MAX_ZONE_LENGTH: Final = 64
DAY: Final = timedelta(days=1)


def zone_name(text: str) -> str | None:
    """The current name of the IANA time zone, or None if there is no such zone."""
    if text.upper() in {UTC_NAME, "ETC/UTC", "GMT"}:
        return UTC_NAME
    name = RENAMED.get(text, text)
    if len(name) > MAX_ZONE_LENGTH or not ZONE_NAME.fullmatch(name):
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return name


def zone_of(name: str) -> tzinfo:
    """The time zone of a name that `zone_name` has returned. UTC needs no database of zones."""
    return UTC if name == UTC_NAME else ZoneInfo(name)


@dataclass(frozen=True)
class Period:
    """A year, month, day, minute, second or microsecond.

    `start` and `end` are in UTC if the text has an offset; otherwise they have no zone, and `bounds` needs one. `end` is
    None for a period that ends after year 9999.
    """

    text: str
    start: datetime
    end: datetime | None

    def __str__(self) -> str:
        return self.text

    @property
    def is_local(self) -> bool:
        return self.start.tzinfo is None

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime | None]:
        """Start and end in UTC. A day in the zone may be longer or shorter than 24 hours."""
        if not self.is_local or self.end is None:
            return _in_utc(self.start, zone), self.end and _in_utc(self.end, zone)
        start, length = _in_utc(self.start, zone), self.end - self.start
        if length < DAY:
            return start, _after(start, lambda: start + length)
        return start, _in_utc(self.end, zone)


def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    """A time that the clocks skip is that of the clock before the change, and one that they repeat is the first."""
    if moment.tzinfo is not None:
        return moment
    try:
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        limit = datetime.min if moment.year == datetime.min.year else datetime.max
        return limit.replace(tzinfo=UTC)


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
    text = f"{start.replace(tzinfo=None).isoformat(timespec=spec)}{'Z' if start.tzinfo else ''}"
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
    """In UTC, or without a zone if the text has none. Truncated to microseconds; a leap second becomes the second after."""
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
    return start + leap if start.tzinfo is None else (start + leap).astimezone(UTC)


def _after(start: datetime, end: Callable[[], datetime]) -> datetime | None:
    try:
        return end()
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
