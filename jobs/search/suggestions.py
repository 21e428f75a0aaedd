"""Suggestions for misspelled fields and statuses."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from jobs.statuses import StatusType


def closest_name(word: str, names: Collection[str]) -> str | None:
    """The name that the word, in lower case, is or misspells; None if it is not close to any."""
    if word in names:
        return word
    alike = [name for name in names if name[0] == word[0] and abs(len(name) - len(word)) <= 2]
    close = get_close_matches(word, alike, 1, cutoff=0.75)
    return close[0] if close else None


def suggest_statuses(word: str) -> list[StatusType]:
    """The statuses that start with the word, else those with it as a synonym, else the closest in spelling, if any."""
    word = word.lower()
    prefixed = [status for status in StatusType if word and status.label.lower().startswith(word)]
    synonymous = [status for status in StatusType if word in status.traits.synonyms]
    labels = {status.label.lower(): status for status in StatusType}
    return prefixed or synonymous or [labels[close] for close in get_close_matches(word, labels, 1)]
