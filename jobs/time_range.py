"""A range of time: half-open, and unbounded where an end is None."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple


class TimeRange(NamedTuple):
    """From `start` on, before `end`; None is unbounded."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return self.start is not None and self.end is not None and self.start >= self.end

    def intersect(self, other: TimeRange) -> TimeRange:
        starts = [part.start for part in (self, other) if part.start is not None]
        ends = [part.end for part in (self, other) if part.end is not None]
        return TimeRange(max(starts, default=None), min(ends, default=None))


ALL_TIME: Final = TimeRange()
