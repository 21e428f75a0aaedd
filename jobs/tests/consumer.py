"""A consumer of the change feed, and helpers for tests of the feed."""

import pytest

from jobs import feed
from jobs.feed import START, CursorExpired, read_events
from jobs.models import Job
from jobs.tests.factories import (
    database_rows,
    wait_until_final,
)

Table = dict[int, tuple[str, str, str, str]]


def apply(table: Table, events: list[feed.Event]) -> None:
    """Applies events as the documentation tells consumers to."""
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
    return [(event.type[4:], event.name, event.status_type) for event in events_after(after)]


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
