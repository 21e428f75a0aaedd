"""Times as the search writes them: a day, a moment, an age, or a range of these; always UTC, always half-open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, NamedTuple

UNITS: Final = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
AGE: Final = re.compile(r"0*([1-9][0-9]{0,4})([smhdw])", re.I)
MOMENT: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,6}))?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?",
    re.I,
)
WRITTEN: Final = re.compile(r"(>=|<=|≥|≤|>|<|)\s*(.*)", re.S)
SIGNS: Final = {"≥": ">=", "≤": "<="}


class NoTime(ValueError):
    """`part` of what is written is no time, and why; `meant` is what may have been."""

    def __init__(self, part: str, problem: str, meant: str | None = None) -> None:
        super().__init__(part, problem)
        self.part, self.problem, self.meant = part, problem, meant


class Span(NamedTuple):
    """From `start` on, before `end`; None where it has no such end."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return self.start is not None and self.end is not None and self.start >= self.end

    def meet(self, other: Span) -> Span:
        """What both cover."""
        starts = [span.start for span in (self, other) if span.start is not None]
        ends = [span.end for span in (self, other) if span.end is not None]
        return Span(max(starts, default=None), min(ends, default=None))


ALWAYS: Final = Span()


@dataclass(frozen=True)
class Period:
    """What was named: a year, a month, a day, a minute, a second, down to a microsecond."""

    text: str
    start: datetime
    end: datetime

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Age:
    """So long ago."""

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
class When:
    """One condition on a time: `sign` is <, <=, >, >=, .. or nothing, for the period itself.

    An age is compared as an age: <2h is younger than two hours.
    """

    sign: str
    first: Period | Age
    last: Period | Age | None = None

    def __str__(self) -> str:
        return f"{self.first}..{self.last}" if self.last else f"{self.sign}{self.first}"

    def span(self, now: datetime) -> Span:
        start, end = _ends(self.first, now)
        if self.last:
            return Span(start, _ends(self.last, now)[1])
        if isinstance(self.first, Age):
            return Span(start=start) if self.sign == "<" else Span(end=start)
        spans = {">": Span(end), ">=": Span(start), "<": Span(end=start), "<=": Span(end=end)}
        return spans.get(self.sign, Span(start, end))


def read_when(text: str) -> When:
    """Raises NoTime."""
    written = WRITTEN.fullmatch(text.strip())
    sign, rest = (SIGNS.get(written[1], written[1]), written[2]) if written else ("", "")
    first, dots, last = rest.replace("…", "..").partition("..")
    if not dots:
        try:
            return _compared(sign, _read(rest))
        except NoTime as error:
            meant = error.meant and (f"{sign}{error.meant.lstrip('<')}" if sign else error.meant)
            raise NoTime(error.part, error.problem, meant) from error
    if sign or not (first or last):
        raise NoTime(text, "is no range of times.", rest if first or last else None)
    if not last or not first:
        return _compared(">=" if first else "<=", _read(first or last), meant=rest)
    when = When("..", _read_end(first), _read_end(last))
    if _is_reversed(when):
        raise NoTime(text, "ends before it begins.", f"{when.last}..{when.first}")
    return when


def _compared(sign: str, point: Period | Age, meant: str = "") -> When:
    if isinstance(point, Period):
        return When(sign, point)
    if meant or not sign:
        problem = f"says neither younger (<{point}) nor older (>{point})."
        raise NoTime(meant or str(point), problem, f"<{point}")
    return When(sign[0], point)  # now moves on: whether the end belongs to it means nothing


def _read_end(text: str) -> Period | Age:
    try:
        return _read(text)
    except NoTime as error:
        raise NoTime(error.part, error.problem) from error  # what is meant is not the whole range


def _read(text: str) -> Period | Age:
    if age := AGE.fullmatch(text):
        return Age(int(age[1]), age[2].lower())
    if moment := MOMENT.fullmatch(text):
        try:
            return _period(*moment.groups())
        except (ValueError, OverflowError) as error:
            raise NoTime(text, "is not in the calendar.") from error
    raise NoTime(text, "is no time.", _meant(text))


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
    micro = int((fraction or "0").ljust(6, "0"))
    day_begins = datetime(int(year), int(month or 1), int(day or 1), tzinfo=_zone(zone))
    start = day_begins.replace(
        hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0), microsecond=micro
    )
    start = start.astimezone(UTC)
    if month is None:
        return Period(year, start, start.replace(year=start.year + 1))
    if day is None:
        return Period(f"{year}-{month}", start, (start + timedelta(days=31)).replace(day=1))
    if hour is None:
        return Period(start.date().isoformat(), start, start + timedelta(days=1))
    spec, step = "minutes", timedelta(minutes=1)
    if second is not None:
        spec, step = "seconds", timedelta(seconds=1)
    if fraction is not None:
        spec, step = "microseconds", timedelta(microseconds=1)
    return Period(f"{start.replace(tzinfo=None).isoformat(timespec=spec)}Z", start, start + step)


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _ends(point: Period | Age, now: datetime) -> tuple[datetime, datetime]:
    if isinstance(point, Age):
        return now - point.length, now - point.length
    return point.start, point.end


def _is_reversed(when: When) -> bool:
    match when:
        case When(first=Age() as first, last=Age() as last):
            return first.length < last.length
        case When(first=Period() as first, last=Period() as last):
            return first.start > last.start
    return False


def _meant(text: str) -> str | None:
    """A time close to what is written: other separators, missing zeros, longer units, everyday words."""
    if day := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text):
        return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}"
    everyday = {"now": "<1m", "today": "<1d", "yesterday": "2d..1d"}
    if text.lower() in everyday:
        return everyday[text.lower()]
    if age := re.fullmatch(r"([1-9][0-9]{0,3})\s*(mo|y|[smhdw])[a-z]{0,6}", text, re.I):
        number, unit = int(age[1]), age[2].lower()
        factor, unit = {"mo": (30, "d"), "y": (52, "w")}.get(unit, (1, unit))
        return f"<{min(number * factor, 99_999)}{unit}"
    return None
