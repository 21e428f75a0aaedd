"""Times in a search: a period, a named day or week, a relative time, or a range of these. Ranges are half-open.

Periods and named days are those of the time zone of `now`, to which everything here is relative.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from jobs.search.comparisons import split_comparison
from jobs.search.time_suggestions import suggest_period, suggest_relative_time
from jobs.time_range import TimeRange
from jobs.timestamps import Period, parse_period

UNITS: Final = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
RELATIVE: Final = re.compile(r"0*([1-9][0-9]{0,4})([smhdw])", re.I | re.ASCII)
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
class NamedDays:
    """A day or a week that is named by its place relative to today. Weeks start on Monday."""

    name: str
    is_week: bool
    first: int
    """In days after today, or after this week's Monday."""

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> str:
        return self.name.replace("-", " ")

    @property
    def length(self) -> int:
        """In days."""
        return 7 if self.is_week else 1

    def bounds(self, now: datetime) -> tuple[datetime, datetime | None]:
        monday = now.date() - timedelta(now.weekday() if self.is_week else 0)
        start = datetime.combine(monday + timedelta(self.first), time())
        period = Period(self.name, start, start + timedelta(self.length))
        return period.bounds(now.tzinfo or UTC)


NAMED: Final = {
    named.name: named
    for named in (
        NamedDays("today", is_week=False, first=0),
        NamedDays("yesterday", is_week=False, first=-1),
        NamedDays("this-week", is_week=True, first=0),
        NamedDays("last-week", is_week=True, first=-7),
    )
}
# A range of named days is reversed if it is empty on each of these: the first and the last day of a week.
MONDAY, SUNDAY = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 29, tzinfo=UTC)
Point = Period | NamedDays | RelativeTime


@dataclass(frozen=True)
class TimeFilter:
    """A condition on a time: `sign` is <, <=, >, >=, .. or empty for the period itself.

    Relative times compare by age: <2h is less than two hours ago.
    """

    sign: str
    first: Point
    last: Point | None = None

    def __str__(self) -> str:
        return f"{self.first}..{self.last}" if self.last else f"{self.sign}{self.first}"

    @property
    def words(self) -> str:
        """`since 2026-11-20`, `in the last 2 hours`, `2026-11-01 to 2026-11-20`."""
        if self.last:
            return f"{_point_words(self.first)} to {_point_words(self.last)}"
        if not isinstance(self.first, RelativeTime):
            return f"{SIGN_WORDS.get(self.sign, '')} {_point_words(self.first)}".strip()
        if self.sign == ">":
            return f"more than {_point_words(self.first)}"
        is_single = self.first.number == 1
        return f"in the last {UNITS[self.first.unit] if is_single else self.first.words}"

    @property
    def depends_on_zone(self) -> bool:
        """Whether it means another range in another time zone."""
        return any(
            isinstance(point, NamedDays) or (isinstance(point, Period) and point.is_local)
            for point in (self.first, self.last)
        )

    @property
    def depends_on_now(self) -> bool:
        return any(isinstance(point, NamedDays | RelativeTime) for point in (self.first, self.last))

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
    sign, rest, first, dots, last = split_comparison(text)
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


def _comparison(sign: str, point: Point, open_range: str = "") -> TimeFilter:
    if not isinstance(point, RelativeTime):
        return TimeFilter(sign, point)
    if open_range or not sign:
        problem = f"needs a comparison: <{point} is newer, >{point} is older."
        raise InvalidTime(open_range or str(point), problem, f"<{point}")
    # Now changes all the time, so it makes no difference whether the end is included.
    return TimeFilter(sign[0], point)


def _parse_point(text: str) -> Point:
    if named := NAMED.get(text.lower()):
        return named
    if relative := RELATIVE.fullmatch(text):
        return RelativeTime(int(relative[1]), relative[2].lower())
    try:
        if period := parse_period(text):
            return period
    except (ValueError, OverflowError) as error:
        raise InvalidTime(text, "is not a valid date or time.") from error
    suggestion = suggest_period(text) or suggest_relative_time(text)
    raise InvalidTime(text, "is not a valid date or time.", suggestion)


def _point_words(point: Point) -> str:
    match point:
        case RelativeTime():
            return f"{point.words} ago"
        case NamedDays():
            return point.words
    return str(point)


def _bounds(point: Point, now: datetime) -> tuple[datetime, datetime | None]:
    match point:
        case RelativeTime():
            # In UTC: with a time zone, Python subtracts from the clock's time, which a change of clocks shifts.
            moment = now.astimezone(UTC) - point.length
            return moment, moment
        case NamedDays():
            return point.bounds(now)
    return point.bounds(now.tzinfo or UTC)


def _is_reversed(time_filter: TimeFilter) -> bool:
    match time_filter:
        case TimeFilter(first=RelativeTime() as first, last=RelativeTime() as last):
            return first.length < last.length
        case TimeFilter(first=Period() as first, last=Period() as last):
            # A time with an offset and one without may be the other way round in another zone.
            return first.is_local == last.is_local and first.start > last.start
        case TimeFilter(first=NamedDays(), last=NamedDays()):
            return all(time_filter.range(day).is_empty for day in (MONDAY, SUNDAY))
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
