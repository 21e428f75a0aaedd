"""Lengths of time in a search, as in `duration:>1h`: a comparison with a length, or a range of lengths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from jobs.search.comparisons import split_comparison
from jobs.search.length_suggestions import MILLISECONDS, suggest_length
from jobs.search.times import UNITS

WORDS: Final = {**UNITS, "ms": "millisecond"}
# `90s`, `1h30m`: each unit at most once, in descending order
LENGTH: Final = re.compile(
    "(?=[0-9])" + "".join(f"(?:0*([0-9]{{1,5}}){unit})?" for unit in MILLISECONDS), re.I | re.ASCII
)
SIGN_WORDS: Final = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most"}


class InvalidLength(ValueError):
    """The invalid part of the text, the problem with it, and suggestions for the whole text."""

    def __init__(self, part: str, problem: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(part, problem)
        self.part, self.problem, self.suggestions = part, problem, suggestions


@dataclass(frozen=True)
class Length:
    """Numbers of units: `1h30m`."""

    parts: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        return "".join(f"{number}{unit}" for number, unit in self.parts)

    @property
    def time(self) -> timedelta:
        return timedelta(
            milliseconds=sum(number * MILLISECONDS[unit] for number, unit in self.parts)
        )

    @property
    def words(self) -> str:
        return " ".join(
            f"{number:,} {WORDS[unit]}{'' if number == 1 else 's'}" for number, unit in self.parts
        )


@dataclass(frozen=True)
class LengthFilter:
    """A condition on a length of time: `sign` is <, <=, >, >=, or .. for a range that includes both ends."""

    sign: str
    first: Length
    last: Length | None = None

    def __str__(self) -> str:
        return f"{self.first}..{self.last}" if self.last else f"{self.sign}{self.first}"

    @property
    def words(self) -> str:
        """`more than 1 hour`, `10 minutes to 2 hours`."""
        if self.last:
            return f"{self.first.words} to {self.last.words}"
        return f"{SIGN_WORDS[self.sign]} {self.first.words}"

    @property
    def comparisons(self) -> list[tuple[str, timedelta]]:
        """Each sign with its length: all must hold."""
        if self.last:
            return [(">=", self.first.time), ("<=", self.last.time)]
        return [(self.sign, self.first.time)]

    @property
    def least(self) -> timedelta | None:
        """No match is shorter."""
        return next((time for sign, time in self.comparisons if sign[0] == ">"), None)

    @property
    def most(self) -> timedelta | None:
        """No match is longer."""
        return next((time for sign, time in self.comparisons if sign[0] == "<"), None)


def parse_length_filter(text: str) -> LengthFilter:
    """Raises InvalidLength."""
    sign, rest, first, dots, last = split_comparison(text)
    if dots:
        return _parse_range(text, sign, first, last)
    length = _parse_length(rest)
    if length is None:
        likely = suggest_length(rest)
        raise InvalidLength(rest or text, "is not a valid duration.", _compared(sign, likely))
    if not sign:
        problem = f"needs a comparison: >{length} is longer, <{length} is shorter."
        raise InvalidLength(text, problem, _compared("", [str(length)]))
    return LengthFilter(sign, length)


def _parse_range(text: str, sign: str, first: str, last: str) -> LengthFilter:
    if sign or not (first or last):
        suggestions = [f"{first}..{last}"] if first and last else []
        raise InvalidLength(text, "is not a valid range of durations.", suggestions)
    lengths = {end: _parse_length(end) for end in (first, last) if end}
    if invalid := [end for end, length in lengths.items() if length is None]:
        likely = [suggest_length(end)[:1] if end in invalid else [end] for end in (first, last)]
        suggestions = ["..".join(end for [end] in likely)] if all(likely) else []
        raise InvalidLength(invalid[0], "is not a valid duration.", suggestions)
    valid = [length for end in (first, last) if (length := lengths.get(end))]
    if len(valid) == 1:
        return LengthFilter(">=" if first else "<=", valid[0])
    if valid[0].time > valid[1].time:
        raise InvalidLength(text, "starts above its end.", [f"{valid[1]}..{valid[0]}"])
    return LengthFilter("..", *valid)


def _parse_length(text: str) -> Length | None:
    match = LENGTH.fullmatch(text)
    if not match:
        return None
    numbers = zip(match.groups(), MILLISECONDS, strict=True)
    return Length(tuple((int(number), unit) for number, unit in numbers if number is not None))


def _compared(sign: str, lengths: Sequence[str]) -> list[str]:
    """With the sign, or with both if there is none."""
    if sign:
        return [f"{sign}{length}" for length in lengths]
    return [f"{each}{length}" for length in lengths[:1] for each in "><"]
