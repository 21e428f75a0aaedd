"""Times as the search writes them: a period, an age, or a range of these; always half-open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from jobs.misspelt_times import age_meant, period_meant
from jobs.moments import Period, read_period

UNITS: Final = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
AGE: Final = re.compile(r"0*([1-9][0-9]{0,4})([smhdw])", re.I | re.ASCII)
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
LATEST: Final = datetime.max.replace(tzinfo=UTC)
NEVER: Final = Span(LATEST, LATEST)


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
        after = NEVER if end is None else Span(end)
        spans = {">": after, ">=": Span(start), "<": Span(end=start), "<=": Span(end=end)}
        return spans.get(self.sign, Span(start, end))


def read_when(text: str) -> When:
    """Raises NoTime."""
    written = WRITTEN.fullmatch(text.strip())
    sign, rest = (SIGNS.get(written[1], written[1]), written[2]) if written else ("", "")
    first, dots, last = map(str.strip, rest.replace("…", "..").partition(".."))
    if not dots:
        try:
            return _compared(sign, _read(rest))
        except NoTime as error:
            meant = error.meant and (f"{sign}{error.meant.lstrip('<')}" if sign else error.meant)
            raise NoTime(error.part, error.problem, meant) from error
    if sign or not (first or last):
        raise NoTime(text, "is no range of times.", rest if first or last else None)
    try:
        read = [_read(end) for end in (first, last) if end]
    except NoTime as error:
        raise NoTime(error.part, error.problem, _range_meant(first, last)) from error
    if len(read) == 1:
        return _compared(">=" if first else "<=", read[0], meant=rest)
    when = When("..", *read)
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


def _read(text: str) -> Period | Age:
    if age := AGE.fullmatch(text):
        return Age(int(age[1]), age[2].lower())
    try:
        if period := read_period(text):
            return period
    except (ValueError, OverflowError) as error:
        raise NoTime(text, "is not in the calendar.") from error
    raise NoTime(text, "is no time.", period_meant(text) or age_meant(text))


def _ends(point: Period | Age, now: datetime) -> tuple[datetime, datetime | None]:
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


def _range_meant(*ends: str) -> str | None:
    """The range, where what is meant by both ends is a time."""
    read = []
    for end in ends:
        try:
            read.append(str(_read(end)) if end else "")
        except NoTime as error:
            if not error.meant or "<" in error.meant or ".." in error.meant:
                return None
            read.append(error.meant)
    whole = "..".join(read)
    try:
        read_when(whole)
    except NoTime as error:
        return error.meant
    return whole
