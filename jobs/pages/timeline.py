"""A job's life as its page shows it: each status, since when, for how long, and the sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jobs.history import Entry, Totals
from jobs.pages.formats import duration_text, time_attribute, time_text
from jobs.querysets import JobRow
from jobs.statuses import StatusType

# Per cent of a bar: what lasted shorter is still seen.
NARROWEST = 1.0
SUMS = ((StatusType.PENDING, "Waited"), (StatusType.RUNNING, "Ran"))


@dataclass(frozen=True)
class Life:
    """A job from its creation to the end of its work, which is now while it goes on."""

    job: JobRow
    totals: Totals
    now: datetime

    @property
    def status(self) -> StatusType:
        return StatusType(self.job.current_status)

    @property
    def begin(self) -> datetime:
        return datetime.fromisoformat(self.job.created_at)

    @property
    def end(self) -> datetime:
        return (self.totals.since or self.now) if self.status.is_finished else self.now

    def entries(self, entries: Iterable[Entry]) -> list[dict[str, Any]]:
        """Text for each entry, newest first; the one without an end lasts until now."""
        return [
            {
                "status": entry.status_type,
                "label": StatusType(entry.status_type).label,
                "since": time_text(entry.timestamp),
                "since_exact": time_attribute(entry.timestamp),
                "lasted": duration_text((entry.until or self.now) - entry.timestamp),
                "is_current": entry.until is None,
                "bar": self._bar(entry),
                "undid": StatusType(entry.undid).label if entry.undid else "",
            }
            for entry in entries
        ]

    def sums(self) -> list[dict[str, str]]:
        """`Waited`, `Ran`: how long in all. `lasting` is since when it would have to last to be as long, while it does."""
        return [
            {
                "label": label,
                "at_least": "at least " if self.totals.relation == "at_least" else "",
                "text": duration_text(total),
                "lasting": time_attribute(self.now - total) if status == self.status else "",
            }
            for status, label in SUMS
            if (total := self.totals.by_status.get(status)) is not None
        ]

    def finished(self) -> dict[str, str] | None:
        """How and when the work ended; None while it goes on."""
        since = self.totals.since
        if since is None or not self.status.is_finished:
            return None
        return {
            "label": self.status.label,
            "since": time_text(since),
            "since_exact": time_attribute(since),
        }

    def _bar(self, entry: Entry) -> dict[str, str] | None:
        """Where in the job's life the entry lies, in per cent; None for what came after the work was over."""
        whole = self.end - self.begin
        if whole <= timedelta() or entry.timestamp >= self.end:
            return None
        start = 100 * (entry.timestamp - self.begin) / whole
        width = 100 * ((entry.until or self.end) - entry.timestamp) / whole
        width = min(max(width, NARROWEST), 100)
        return {"x": f"{min(max(start, 0), 100 - width):.2f}", "width": f"{width:.2f}"}
