"""What has happened to jobs, in an order that never passes over anything, from any place of the last week on.

The triggers of migration 0008 write it. An event's place is its turn and its id; a reader is given what lies below the
first turn that is still open. So whatever appears later lies above all that was read, and the events of one job come
in the order in which it was changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection

from jobs.querysets import utc_text_sql

START, NOW = "start", "now"
MOST_EVENTS: Final = 1_000
CURSOR: Final = re.compile(r"([0-9a-f]{8})-(\d{1,18})-(\d{1,18})", re.ASCII)
TYPES: Final = ("job.created", "job.renamed", "job.status_changed", "job.deleted")

# One statement, so that what has been removed and what is there are seen at one moment. Of the feed at least one row.
READ = f"""
SELECT feed.tag, feed.origin = job_feed_origin() AND EXISTS (SELECT FROM job_feed_unbroken),
    feed.low_turn, feed.low_id, edge.turn,
    event.turn, event.id, event.type, {utc_text_sql("event.at")}, event.job_id, event.name, event.status_type,
    {utc_text_sql("event.created_at")}, {utc_text_sql("event.updated_at")}, event.status_id, event.undoes
FROM job_feed AS feed
CROSS JOIN (SELECT job_feed_open_turn() AS turn) AS edge
LEFT JOIN LATERAL (
    SELECT * FROM job_event
    WHERE (turn, id) > (coalesce(%(turn)s, feed.low_turn), coalesce(%(id)s, feed.low_id)) AND turn < edge.turn
    ORDER BY turn, id LIMIT %(limit)s
) AS event ON true
"""


class InvalidPlace(ValueError):
    """A cursor that is none."""


class FeedGone(Exception):
    """What follows the cursor is not kept any more, or was never of this database. `cursor` is the present end."""

    def __init__(self, cursor: str) -> None:
        super().__init__("The events after this cursor are no longer kept.")
        self.cursor = cursor


class Event(NamedTuple):
    """What happened, with the job as it was right after it, or last. Times as in JobRow; `id` is the event's cursor.

    `status_id` is the entry of the history that a change of status appended, `undoes` the one that it took back.
    """

    id: str
    type: str
    at: str
    job_id: int
    name: str
    status_type: str
    created_at: str
    updated_at: str
    status_id: int | None
    undoes: int | None

    def content(self) -> dict[str, Any]:
        """As the wire has it: without what does not apply."""
        content = self._asdict()
        for name in ("status_id", "undoes"):
            if content[name] is None:
                del content[name]
        return content


@dataclass(frozen=True)
class Events:
    """`cursor` is where to go on; `more` whether there is something by now."""

    events: list[Event]
    cursor: str
    more: bool


def read_events(after: str, limit: int) -> Events:
    """At most `limit` events after the cursor, or after START or NOW, by one query along the key.

    Raises InvalidPlace for what is no cursor, FeedGone for one with a gap behind it.
    """
    _, end, rows = _read(after, 0 if after == NOW else limit + 1)
    tag = end.partition("-")[0]
    events = [Event(f"{tag}-{turn}-{place}", *rest) for turn, place, *rest in rows[:limit]]
    if len(rows) <= limit:
        return Events(events, end, more=False)
    return Events(events, events[-1].id, more=True)


def beginning(after: str) -> str:
    """The cursor itself, and for START and NOW the one they stand for. Raises as read_events."""
    begin, end, _ = _read(after, 0)
    return end if after == NOW else begin


def _read(after: str, limit: int) -> tuple[str, str, list[tuple[Any, ...]]]:
    """The cursor to begin after, the one after everything that is final, and rows of READ's event."""
    tag, turn, place = _parsed(after)
    with connection.cursor() as cursor:
        cursor.execute(READ, {"turn": turn, "id": place, "limit": limit})
        rows = cursor.fetchall()
        known, ours, low_turn, low_id, edge = rows[0][:5]
        if not ours:
            cursor.execute("SELECT job_feed_restart()")
    if not ours:
        if turn is None:
            return _read(after, limit)
        raise FeedGone(beginning(NOW))
    end = f"{known}-{edge}-0"
    if turn is None or place is None:
        after = f"{known}-{low_turn}-{low_id}"
    elif tag != known or turn > edge or (turn, place) < (low_turn, low_id):
        raise FeedGone(end)
    return after, end, [row[5:] for row in rows if row[5] is not None]


def _parsed(after: str) -> tuple[str | None, int | None, int | None]:
    if after in {START, NOW}:
        return None, None, None
    found = CURSOR.fullmatch(after)
    if not found:
        raise InvalidPlace("A cursor is the id of an event, or what Feed-Cursor said.")
    tag, turn, place_id = found.groups()
    return tag, int(turn), int(place_id)
