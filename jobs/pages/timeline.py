"""The timeline of a job's page: each status with its start and duration, and the time spent waiting and running."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from jobs.listing.durations import Duration, Phase
from jobs.listing.history import Entry
from jobs.names import isolated
from jobs.pages.formats import duration_text, seconds_text, time_attribute, time_text
from jobs.pages.lifetime import Lifetime, place
from jobs.sources import Source
from jobs.statuses import StatusType

# In percent: short entries stay visible.
MIN_BAR_WIDTH = 1.0
# Labels of the total time in an unfinished status, and of a total that is still growing.
TOTALS = {status: status.traits.time_spent for status in StatusType if status.traits.time_spent}


# By what a status was set. An undo says what it has undone.
SOURCES: dict[str, str] = {
    Source.PAGE: "on a page",
    Source.API: "by the API",
    Source.IMPORT: "by an import",
    Source.OPERATION: "by an operation",
    Source.RETENTION: "by retention",
    Source.AGENT: "by an agent",
    Source.SEED: "sample data",
}


@dataclass(frozen=True)
class Timeline(Lifetime):
    """What the page of a job shows of its lifetime."""

    run: Duration | None = None

    def entries(
        self, entries: Iterable[Entry], operations: Collection[int] = ()
    ) -> list[dict[str, Any]]:
        """The entries as the template shows them, with links to those of the `operations` that made them.

        The current one lasts until now; an undone one and its undo last no time.
        """
        return [
            {
                "status": StatusType(entry.status_type),
                "since": time_text(entry.timestamp),
                "since_exact": time_attribute(entry.timestamp),
                "lasted": self._lasted(entry),
                "is_current": entry.is_in_effect and entry.until is None,
                "bar": self._bar(entry),
                "undo": self._undo_words(entry),
                **_made_by(entry, operations),
                "reason": entry.reason,
                **(_occurred(entry) if entry.occurred_at else {}),
                **(self._signed(entry, entry.actor, operations) if entry.actor else {}),
            }
            for entry in entries
        ]

    def sums(self) -> list[dict[str, str]]:
        """Time in each unfinished status. `lasting`, for a growing total, is now minus it: the page counts on."""
        return [
            {
                "label": label,
                "at_least": "at least " if self.totals.relation == "at_least" else "",
                "text": duration_text(total),
                "lasting": time_attribute(self.now - total) if status == self.status else "",
            }
            for status, (label, _) in TOTALS.items()
            if (total := self.totals.by_status.get(status)) is not None
        ]

    def summary(self) -> dict[str, str] | None:
        """The sentence that answers what happened: `Running for 12 min`, `Failed after running 41 min, 3 h ago`.

        None if the history and the job do not agree: the job changes at this moment, and the page is refetched.
        """
        since, label = self.totals.since, self.status.label
        if since is None:
            return None
        if self.status.is_finished:
            has_run = self.run is not None and self.run.phase is Phase.RAN
            ran = seconds_text(self.run.seconds) if self.run and has_run else ""
            at = {"since": time_text(since), "since_exact": time_attribute(since)}
            return {"words": f"{label} after running" if ran else label, "text": ran, **at}
        _, ongoing = TOTALS[self.status]
        lasted = duration_text(self.now - since)
        return {"words": ongoing, "text": lasted, "lasting": time_attribute(since)}

    def _lasted(self, entry: Entry) -> str:
        if not entry.is_in_effect:
            return ""
        return duration_text((entry.until or self.now) - entry.timestamp)

    def _bar(self, entry: Entry) -> dict[str, str] | None:
        """The entry's place on the timeline, in percent.

        None for one without effect, and for those after the job had finished.
        """
        whole = self.end - self.start
        if not entry.is_in_effect or whole <= timedelta() or entry.timestamp >= self.end:
            return None
        begin, end = entry.timestamp - self.start, (entry.until or self.end) - self.start
        x, width = place(begin, end, whole, MIN_BAR_WIDTH)
        return {"x": x, "width": width}

    def _signed(self, entry: Entry, actor: str, operations: Collection[int]) -> dict[str, Any]:
        """The words for its origin, with the name of the user."""
        origin = self._undo_words(entry) or _made_by(entry, operations).get("source")
        by = f"by {isolated(actor)}"
        return {"undo": "", "source": f"{origin}, {by}" if origin else by}

    def _undo_words(self, entry: Entry) -> str:
        if entry.id in self.totals.redos:
            return f"Redid {StatusType(entry.status_type).label}"
        if entry.undid:
            return f"Undid {StatusType(entry.undid).label}"
        return "" if entry.is_in_effect else "Undone"


def _made_by(entry: Entry, operations: Collection[int]) -> dict[str, Any]:
    """What has set the status: in words, or an operation that has a page."""
    if entry.operation_id in operations:
        return {"operation": entry.operation_id}
    return {"source": SOURCES.get(entry.source or "", "")}


def _occurred(entry: Entry) -> dict[str, str]:
    """The reporter's own time, if it shows another second than that of the entry."""
    moment = entry.occurred_at
    if moment is None or time_text(moment) == time_text(entry.timestamp):
        return {}
    return {"occurred": time_text(moment), "occurred_exact": time_attribute(moment)}
