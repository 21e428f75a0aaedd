"""Suggestions for invalid times: other separators, missing zeros, longer units, everyday words, spaces inside."""

from __future__ import annotations

import re
from typing import Final

from jobs.timestamps import parse_period

MAX_LENGTH: Final = 100
DAY: Final = re.compile("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
# A number of four digits before a space is a year.
LONG_RELATIVE: Final = re.compile(
    r"([1-9][0-9]{0,3}(?!\s)|[1-9][0-9]{0,2})\s*"
    r"(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?|(w)(?:(?:ee)?ks?)?"
    r"|(mo)(?:nths?)?|(y)(?:(?:ea)?rs?)?)(?:\s+ago)?",
    re.I | re.ASCII,
)
TWELVE_HOUR: Final = re.compile(
    r"(.+)[T\s](0?[1-9]|1[0-2])(?::([0-5][0-9]))?\s*([ap])\.?m\.?", re.I | re.ASCII | re.S
)
# No zone is more than 14 hours from UTC, so 2026 is not an offset.
SPLIT: Final = re.compile(
    r"(.+?)(?:\s|%20|%2B)+([+-]?(?:0?[0-9]|1[0-4])(?::?[0-5][0-9])|[+-]?(?:0[0-9]|1[0-4])|T?[0-9]{1,2}:[0-9]{2}\S*)",
    re.I | re.ASCII | re.S,
)
ZONE: Final = re.compile(r"(.+?)(?:\s*(UTC|GMT)|\sZ)", re.I | re.ASCII | re.S)
# `this week`, `this_week`, `thisweek`
NAMED: Final = re.compile(r"(this|last)[\s_-]*week", re.I | re.ASCII)


def suggest_relative_time(text: str) -> str | None:
    """Includes the sign: a relative time is not valid without one."""
    if len(text) > MAX_LENGTH:
        return None
    if match := LONG_RELATIVE.fullmatch(text):
        number, unit = int(match[1]), next(filter(None, match.groups()[1:])).lower()
        factor, unit = {"mo": (30, "d"), "y": (52, "w")}.get(unit, (1, unit))
        return f"<{min(number * factor, 99_999)}{unit}"
    return "<1m" if text.lower() == "now" else None


def suggest_period(text: str) -> str | None:
    if len(text) > MAX_LENGTH:
        return None
    if named := NAMED.fullmatch(text):
        return f"{named[1].lower()}-week"
    if day := DAY.fullmatch(text):
        return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}"
    if clock := TWELVE_HOUR.fullmatch(text):
        hour = int(clock[2]) % 12 + (12 if clock[4] in "Pp" else 0)
        return _first_valid(f"{clock[1]}T{hour:02}:{clock[3] or '00'}")
    if split := SPLIT.fullmatch(text):
        before = re.sub(r"\s+", "T", split[1])
        rest = re.sub("^([T+-]?)([0-9]:)", r"\g<1>0\2", split[2])
        # In a query string, a plus sign encodes a space.
        return _first_valid(*(f"{before}{glue}{rest}" for glue in ("+", "T", "")))
    if zone := ZONE.fullmatch(text):
        return _first_valid(f"{zone[1]}Z", zone[1] if zone[2] else "")
    return None


def _first_valid(*texts: str) -> str | None:
    for text in texts:
        try:
            if parse_period(text):
                return text
        except (ValueError, OverflowError):
            continue
    return None
