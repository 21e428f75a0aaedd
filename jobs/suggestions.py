"""What somebody who was misunderstood may have meant."""

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
# What each filter needs, in words and as examples.
TIMES: Final = ("created", "updated")
NEEDS: Final = {
    "name": ('a part of a name, as in name:"turbine blade"', ()),
    "id": ("the number of a job, as in id:1234", ()),
    "status": (
        "pending, running, completed or failed",
        tuple(f"status:{status.lower()}" for status in StatusType.values),
    ),
} | {
    field: (
        "a day (2026-11-20), a moment (2026-11-20T14:05Z), an age (<2h, >7d)"
        " or a range (2026-11-01..2026-11-20)",
        (f"{field}:<1d", f"{field}:<1w"),
    )
    for field in TIMES
}


def field_meant(word: str) -> str | None:
    """The field whose name is close to the word. Only the likely slips: a name may hold `frame:12` too."""
    word = word.lower()
    if word in FIELDS or word in SYNONYMS:
        return SYNONYMS.get(word, word)
    alike = [field for field in FIELDS if field[0] == word[0] and abs(len(field) - len(word)) <= 2]
    close = get_close_matches(word, alike, 1, cutoff=0.75)
    return close[0] if close else None


def statuses_meant(word: str) -> list[StatusType]:
    """Those that begin so, else those that are called so elsewhere, else the closest; none where none is."""
    word = word.lower()
    begun = [status for status in StatusType if word and status.label.lower().startswith(word)]
    called = [status for status, words in STATUS_SYNONYMS.items() if word in words]
    labels = {status.label.lower(): status for status in StatusType}
    return begun or called or [labels[close] for close in get_close_matches(word, labels, 1)]
