"""Numbers, times and durations as people read them."""

from datetime import datetime, timedelta
from itertools import pairwise

from jobs.querysets import Count

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def count_text(count: Count) -> str:
    """`1,234`, or `10,000+` where it is at least that."""
    return f"{count.value:,}{'+' if count.relation == 'at_least' else ''}"


def time_text(moment: datetime) -> str:
    """`2026-11-22 13:40:58`, in UTC as the database hands it out."""
    return moment.isoformat(" ", "seconds")[:19]


def time_attribute(moment: datetime) -> str:
    """The moment for `<time datetime>`, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def duration_text(duration: timedelta) -> str:
    """Its two largest units: `2 min 36 s`, `3 d 4 h`; below a second, `0.4 s`."""
    seconds = duration.total_seconds()
    if seconds < 1:
        return f"{max(seconds, 0):.1f} s"
    rest = int(seconds)
    for (unit, size), (smaller, smaller_size) in pairwise(UNITS):
        if rest >= size:
            second = rest % size // smaller_size
            return f"{rest // size:,} {unit}" + (f" {second} {smaller}" if second else "")
    return f"{rest} s"
