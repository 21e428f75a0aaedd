"""What an operation would do, in bounded time."""

from __future__ import annotations

from math import ceil
from typing import Final, NamedTuple

from jobs.models import Job
from jobs.operations.rows import Action
from jobs.operations.selection import Selection
from jobs.operations.trash import counts_in_trash, sample_of_trash
from jobs.querysets import Count, StatusCounts
from jobs.rows import JobRow

# Measured on two processors (docs/decisions/0048): how many jobs a worker changes in a second, and how many it looks at.
CHANGES_PER_SECOND: Final = 5_000
READS_PER_SECOND: Final = 500_000


class Preview(NamedTuple):
    """The numbers of the selected jobs, a few of them, and how long the operation is likely to take."""

    total: Count
    by_status: StatusCounts
    sample: list[JobRow]
    seconds: int


def preview(selection: Selection, action: Action) -> Preview:
    if action == Action.RESTORE:
        counts = counts_in_trash(selection.ids, selection.excluded)
        count, sample = counts.total(), sample_of_trash(selection.ids, selection.excluded)
        return Preview(count, counts, sample, ceil(count.value / CHANGES_PER_SECOND))
    counts = selection.counts()
    count = selection.count(counts)
    read = 0 if selection.ids is not None else Job.objects.counts().total().value
    seconds = count.value / CHANGES_PER_SECOND + read / READS_PER_SECOND
    return Preview(count, counts, selection.sample(), ceil(seconds))
