"""A job's lifetime, which its timeline and a comparison draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
