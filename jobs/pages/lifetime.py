"""A job's lifetime, which its timeline and a comparison draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.listing.history import Totals
from jobs.rows import JobRow
from jobs.statuses import StatusType


@dataclass(frozen=True)
class Lifetime:
    """A job from its creation until it finished, or until now."""

    job: JobRow
    totals: Totals
    now: datetime

    @property
    def status(self) -> StatusType:
        return StatusType(self.job.current_status)

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.job.created_at)

    @property
    def end(self) -> datetime:
        return (self.totals.since or self.now) if self.status.is_finished else self.now


def place(begin: timedelta, end: timedelta, whole: timedelta, min_width: float) -> tuple[str, str]:
    """Where a bar from `begin` to `end` starts on a track as long as `whole`, and its width: texts, in percent."""
    width = min(max(100 * (end - begin) / whole, min_width), 100)
    return f"{min(max(100 * begin / whole, 0), 100 - width):.2f}", f"{width:.2f}"
