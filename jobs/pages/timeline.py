"""A job's history as the page shows it: each status, since when, and for how long."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from jobs.history import Entry
from jobs.pages.formats import duration_text, time_attribute, time_text
from jobs.statuses import StatusType


def timeline(entries: Iterable[Entry], now: datetime) -> list[dict[str, Any]]:
    """Text for each entry, newest first; the one without an end lasts until now."""
    return [
        {
            "status": entry.status_type,
            "label": StatusType(entry.status_type).label,
            "since": time_text(entry.timestamp),
            "since_exact": time_attribute(entry.timestamp),
            "lasted": duration_text((entry.until or now) - entry.timestamp),
            "is_current": entry.until is None,
            "undid": StatusType(entry.undid).label if entry.undid else "",
        }
        for entry in entries
    ]
