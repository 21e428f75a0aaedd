"""Times in a search: a period, a relative time, or a range of either. Ranges are half-open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from jobs.search.time_suggestions import suggest_period, suggest_relative_time
from jobs.time_range import TimeRange
from jobs.timestamps import Period, parse_period

UNITS: Final = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
RELATIVE: Final = re.compile(r"0*([1-9][0-9]{0,4})([smhdw])", re.I | re.ASCII)
COMPARISON: Final = re.compile(r"(>=|<=|≥|≤|>|<|)\s*(.*)", re.S)
SIGNS: Final = {"≥": ">=", "≤": "<="}
SIGN_WORDS: Final = {">": "after", ">=": "since", "<": "before", "<=": "up to"}


class InvalidTime(ValueError):
    """The invalid part of the text, the problem with it, and a suggestion for the whole text if there is one."""

    def __init__(self, part: str, problem: str, suggestion: str | None = None) -> None:
        super().__init__(part, problem)
        self.part, self.problem, self.suggestion = part, problem, suggestion


LATEST: Final = datetime.max.replace(tzinfo=UTC)
EMPTY: Final = TimeRange(LATEST, LATEST)


@dataclass(frozen=True)
class RelativeTime:
    """A length of time before now."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def length(self) -> timedelta:
        return timedelta(**{f"{UNITS[self.unit]}s": self.number})

    @property
    def words(self) -> str:
        return f"{self.number:,} {UNITS[self.unit]}{'' if self.number == 1 else 's'}"


@dataclass(frozen=True)
class TimeFilter:
    """A condition on a time: `sign` is <, <=, >, >=, .. or empty for the period itself.

    Relative times compare by age: <2h is less than two hours ago.
    """

    sign: str
    first: Period | RelativeTime
    last: Period | RelativeTime | None = None

    def __str__(self) -> str:
        return f"{self.first}..{self.last}" if self.last else f"{self.sign}{self.first}"

    @property
    def words(self) -> str:
        """`since 2026-11-20`, `in the last 2 hours`, `2026-11-01 to 2026-11-20`."""
        if self.last:
            return f"{_point_words(self.first)} to {_point_words(self.last)}"
        if not isinstance(self.first, RelativeTime):
            return f"{SIGN_WORDS.get(self.sign, '')} {self.first}".strip()
        if self.sign == ">":
            return f"more than {_point_words(self.first)}"
        is_single = self.first.number == 1
        return f"in the last {UNITS[self.first.unit] if is_single else self.first.words}"

    def range(self, now: datetime) -> TimeRange:
        start, end = _bounds(self.first, now)
        if self.last:
            return TimeRange(start, _bounds(self.last, now)[1])
        if isinstance(self.first, RelativeTime):
            return TimeRange(start=start) if self.sign == "<" else TimeRange(end=start)
        after = EMPTY if end is None else TimeRange(end)
        ranges = {
            ">": after,
            ">=": TimeRange(start),
            "<": TimeRange(end=start),
            "<=": TimeRange(end=end),
        }
        return ranges.get(self.sign, TimeRange(start, end))


def parse_time_filter(text: str) -> TimeFilter:
    """Raises InvalidTime."""
    match = COMPARISON.fullmatch(text.strip())
    sign, rest = (SIGNS.get(match[1], match[1]), match[2]) if match else ("", "")
    first, dots, last = map(str.strip, rest.replace("…", "..").partition(".."))
    if not dots:
        try:
            return _comparison(sign, _parse_point(rest))
        except InvalidTime as error:
            suggestion = error.suggestion
            if suggestion and sign:
                suggestion = f"{sign}{suggestion.lstrip('<')}"
            raise InvalidTime(error.part, error.problem, suggestion) from error
    if sign or not (first or last):
        raise InvalidTime(text, "is not a valid time range.", rest if first or last else None)
    try:
        points = [_parse_point(end) for end in (first, last) if end]
    except InvalidTime as error:
        raise InvalidTime(error.part, error.problem, _suggest_range(first, last)) from error
    if len(points) == 1:
        return _comparison(">=" if first else "<=", points[0], open_range=rest)
    time_filter = TimeFilter("..", *points)
    if _is_reversed(time_filter):
        suggestion = f"{time_filter.last}..{time_filter.first}"
        raise InvalidTime(text, "ends before it starts.", suggestion)
    return time_filter


def _comparison(sign: str, point: Period | RelativeTime, open_range: str = "") -> TimeFilter:
    if isinstance(point, Period):
        return TimeFilter(sign, point)
    if open_range or not sign:
        problem = f"needs a comparison: <{point} is newer, >{point} is older."
        raise InvalidTime(open_range or str(point), problem, f"<{point}")
    # Now changes all the time, so it makes no difference whether the end is included.
    return TimeFilter(sign[0], point)


def _parse_point(text: str) -> Period | RelativeTime:
    if relative := RELATIVE.fullmatch(text):
        return RelativeTime(int(relative[1]), relative[2].lower())
    try:
        if period := parse_period(text):
            return period
    except (ValueError, OverflowError) as error:
        raise InvalidTime(text, "is not a valid date or time.") from error
    suggestion = suggest_period(text) or suggest_relative_time(text)
    raise InvalidTime(text, "is not a valid date or time.", suggestion)


def _point_words(point: Period | RelativeTime) -> str:
    return f"{point.words} ago" if isinstance(point, RelativeTime) else str(point)


def _bounds(point: Period | RelativeTime, now: datetime) -> tuple[datetime, datetime | None]:
    if isinstance(point, RelativeTime):
        return now - point.length, now - point.length
    return point.start, point.end


def _is_reversed(time_filter: TimeFilter) -> bool:
    match time_filter:
        case TimeFilter(first=RelativeTime() as first, last=RelativeTime() as last):
            return first.length < last.length
        case TimeFilter(first=Period() as first, last=Period() as last):
            return first.start > last.start
    return False


def _suggest_range(*ends: str) -> str | None:
    """A valid range, if each end is valid or has a suggestion that is a single time."""
    points = []
    for end in ends:
        try:
            points.append(str(_parse_point(end)) if end else "")
        except InvalidTime as error:
            if not error.suggestion or "<" in error.suggestion or ".." in error.suggestion:
                return None
            points.append(error.suggestion)
    text = "..".join(points)
    try:
        parse_time_filter(text)
    except InvalidTime as error:
        return error.suggestion
    return text
