"""Suggestions for misspelled filters and statuses."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from jobs.statuses import StatusType

FIELDS: Final = ("name", "status", "created", "updated", "id")
SYNONYMS: Final = {"state": "status"}
STATUS_SYNONYMS: Final = {
    StatusType.PENDING: ("queued", "waiting", "new", "open"),
    StatusType.RUNNING: ("active", "started", "busy"),
    StatusType.COMPLETED: ("done", "finished", "succeeded", "success", "ok"),
    StatusType.FAILED: ("error", "errored", "broken", "crashed"),
}
TIME_FIELDS: Final = ("created", "updated")
# The value of each filter, described in words, and examples of the filter.
EXPECTED_VALUES: Final = {
    "name": ('part of a name, as in name:"turbine blade"', ()),
    "id": ("a job ID, as in id:1234", ()),
    "status": (
        "pending, running, completed or failed",
        tuple(f"status:{status.lower()}" for status in StatusType.values),
    ),
} | {
    field: (
        "a date (2026-11-20), a time (2026-11-20T14:05Z), a relative time (<2h, >7d)"
        " or a range (2026-11-01..2026-11-20)",
        (f"{field}:<1d", f"{field}:<1w"),
    )
    for field in TIME_FIELDS
}


def closest_field(word: str) -> str | None:
    """The field that the word names or misspells, or None. Only close matches: a job name may contain `frame:12`."""
    word = word.lower()
    if word in FIELDS or word in SYNONYMS:
        return SYNONYMS.get(word, word)
    alike = [field for field in FIELDS if field[0] == word[0] and abs(len(field) - len(word)) <= 2]
    close = get_close_matches(word, alike, 1, cutoff=0.75)
    return close[0] if close else None


def suggest_statuses(word: str) -> list[StatusType]:
    """The statuses that start with the word, else those with it as a synonym, else the closest in spelling, if any."""
    word = word.lower()
    prefixed = [status for status in StatusType if word and status.label.lower().startswith(word)]
    synonymous = [status for status, words in STATUS_SYNONYMS.items() if word in words]
    labels = {status.label.lower(): status for status in StatusType}
    return prefixed or synonymous or [labels[close] for close in get_close_matches(word, labels, 1)]
