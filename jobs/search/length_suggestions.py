"""Suggestions for invalid lengths of time: long units, spaces, fractions, clocks, numbers without a unit."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

MAX_LENGTH: Final = 60
# In descending order
MILLISECONDS: Final = {
    "w": 604_800_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1_000,
    "ms": 1,
}
PART: Final = re.compile(
    r"([0-9]{1,7}(?:[.,][0-9]{1,6})?)[\s_]*"
    r"(?:(ms|milli(?:second)?s?|msecs?)|(s)(?:ec(?:ond)?s?)?|(mo)(?:nths?)?|(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?"
    r"|(d)(?:ays?)?|(w)(?:(?:ee)?ks?)?|(y)(?:(?:ea)?rs?)?)(?![a-z])(?:\Z|\s*(?:,|and\b)?\s*(?=[0-9]))",
    re.I | re.ASCII,
)
CLOCK: Final = re.compile("([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])")
NUMBER: Final = re.compile("[0-9]{1,5}")
LONGER: Final = {"mo": (30, "d"), "y": (365, "d")}


def suggest_length(text: str) -> list[str]:
    """The lengths that the text may mean, the likeliest first."""
    if len(text) > MAX_LENGTH:
        return []
    if NUMBER.fullmatch(text):
        return [f"{int(text)}s", f"{int(text)}m"]
    if clock := CLOCK.fullmatch(text):
        parts = zip(map(int, clock.groups()), (3_600_000, 60_000, 1_000), strict=True)
        return _written(sum(number * unit for number, unit in parts))
    total, at = Fraction(0), 0
    while match := PART.match(text, at):
        unit = next(filter(None, match.groups()[1:])).lower()
        factor, unit = LONGER.get(unit, (1, "ms" if unit.startswith(("ms", "mi")) else unit))
        total += Fraction(match[1].replace(",", ".")) * factor * MILLISECONDS[unit]
        at = match.end()
    return _written(int(total)) if at and at == len(text) else []


def _written(milliseconds: int) -> list[str]:
    """In the largest units: `1h30m`."""
    text = ""
    for unit, size in MILLISECONDS.items():
        number, milliseconds = divmod(milliseconds, size)
        if number > 99_999:
            return []
        text += f"{number}{unit}" if number else ""
    return [text] if text else []
