"""What a consumer of the change feed does, and what tests of the feed ask of it."""

import pytest

from jobs import feed
from jobs.feed import START, FeedGone, read_events
from jobs.models import Job
from jobs.tests.factories import (
    database_rows,
    settle,
)

Table = dict[int, tuple[str, str, str, str]]


def apply(table: Table, events: list[feed.Event]) -> None:
    """What docs and schema tell a consumer to do."""
    for event in events:
        if event.type == "job.deleted":
            table.pop(event.job_id)
        else:
            table[event.job_id] = (
                event.name,
                event.status_type,
                event.created_at,
                event.updated_at,
            )


def stored() -> Table:
    rows = Job.objects.all().values_list("id", flat=True)
    return {job_id: tuple(Job.objects.row(job_id) or ())[1:] for job_id in rows}  # type: ignore[misc]


def rest(after: str = START, limit: int = 7) -> list[feed.Event]:
    """Everything behind the cursor, page by page."""
    found = []
    settle()
    while True:
        page = read_events(after, limit)
        found += page.events
        after = page.cursor
        if not page.more:
            return found


def happened(after: str = START) -> list[tuple[str, str, str]]:
    return [(event.type[4:], event.name, event.status_type) for event in rest(after)]


def gone(cursor: str) -> str:
    with pytest.raises(FeedGone) as caught:
        read_events(cursor, 5)
    return caught.value.cursor


def age(how: str, number: int) -> None:
    """The oldest so many, once they are final."""
    database_rows(
        f"UPDATE job_event SET {how} WHERE id IN (SELECT id FROM job_event ORDER BY turn, id LIMIT {number})"
    )
