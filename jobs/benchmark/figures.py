"""Statistics, and the format of numbers in the report."""

from collections.abc import Sequence
from math import ceil


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed (nearest rank); 0.5 is the median."""
    if not values:
        raise ValueError("There are no values.")
    return sorted(values)[max(ceil(share * len(values)), 1) - 1]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def format_number(number: float | None) -> str:
    """About three digits: `0.042`, `0.84`, `12.3`, `1,234`; a dash for None."""
    if number is None:
        return "–"
    size = abs(number)
    decimals = 3 if size < 0.0995 else 2 if size < 9.995 else 1 if size < 99.95 else 0
    return f"{number:,.{decimals}f}"


def times(number: float | None) -> str:
    """A ratio: `2.4 ×`."""
    return "–" if number is None else f"{number:,.{1 if abs(number) >= 1.95 else 2}f} ×"


def ratio(number: float | None, base: float | None) -> float | None:
    """None if either is None or the base is zero."""
    return number / base if number is not None and base else None


def whole(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"
