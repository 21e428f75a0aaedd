"""A consumer of the change feed, and helpers for tests of the feed."""

import pytest

from jobs import feed
from jobs.feed import CursorExpired, read_events
from jobs.feed_cursor import START
from jobs.models import Job
from jobs.rows import JobRow
from jobs.tests.factories import (
    database_rows,
    wait_until_final,
)

Table = dict[int, JobRow]


def apply(table: Table, events: list[feed.Event]) -> None:
    """Applies events as the documentation tells consumers to."""
    for event in events:
        if event.type == "job.deleted":
            table.pop(event.job.id)
        else:
            table[event.job.id] = event.job


def stored() -> Table:
    rows = Job.objects.all().values_list("id", flat=True)
    return {job_id: row for job_id in rows if (row := Job.objects.row(job_id))}


def events_after(after: str = START, limit: int = 7) -> list[feed.Event]:
    """All events after the cursor, read page by page."""
    found = []
    wait_until_final()
    while True:
        page = read_events(after, limit)
        found += page.events
        after = page.cursor
        if not page.more:
            return found


def event_summaries(after: str = START) -> list[tuple[str, str, str]]:
    return [
        (event.type[4:], event.job.name, event.job.current_status) for event in events_after(after)
    ]


def assert_expired(cursor: str) -> str:
    """Asserts that the cursor has expired; returns the one to continue from."""
    with pytest.raises(CursorExpired) as caught:
        read_events(cursor, 5)
    return caught.value.cursor


def age_events(how: str, number: int) -> None:
    """Updates the oldest `number` events."""
    database_rows(
        f"UPDATE job_event SET {how} WHERE id IN (SELECT id FROM job_event ORDER BY turn, id LIMIT {number})"
    )
