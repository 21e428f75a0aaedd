"""Numbers, times and durations as text."""

from datetime import datetime, timedelta
from itertools import pairwise

from jobs.querysets import Count

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def count_text(count: Count) -> str:
    """`1,234`, or `10,000+` for a lower bound."""
    return f"{count.value:,}{'+' if count.relation == 'at_least' else ''}"


def time_text(moment: datetime) -> str:
    """`2026-11-22 13:40:58`; the moment must be in UTC, as the database returns it."""
    return moment.isoformat(" ", "seconds")[:19]


def stored_time_text(text: str) -> str:
    """`time_text` of a timestamp as a JobRow has it, which is UTC."""
    return text[:19].replace("T", " ")


def time_attribute(moment: datetime) -> str:
    """The value of `<time datetime>`, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def duration_text(duration: timedelta) -> str:
    """The two largest units: `2 min 36 s`, `3 d 4 h`; below a second, `0.4 s` or `< 0.1 s`."""
    return seconds_text(duration.total_seconds())


def seconds_text(seconds: float) -> str:
    """`duration_text` for a number of seconds."""
    if seconds < 0.05:
        return "< 0.1 s"
    if seconds < 1:
        return f"{seconds:.1f} s"
    rest = int(seconds)
    for (unit, size), (smaller, smaller_size) in pairwise(UNITS):
        if rest >= size:
            second = rest % size // smaller_size
            return f"{rest // size:,} {unit}" + (f" {second} {smaller}" if second else "")
    return f"{rest} s"
