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
SELECT feed.tag, feed.origin = job_feed_origin(), feed.low_turn, feed.low_id, edge.turn,
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
    tag, turn, place_id = _parsed(after)
    number = 0 if after == NOW else limit
    with connection.cursor() as cursor:
        cursor.execute(READ, {"turn": turn, "id": place_id, "limit": number + 1 if number else 0})
        rows = cursor.fetchall()
        known_tag, ours, low_turn, low_id, edge = rows[0][:5]
        if not ours:
            cursor.execute("SELECT job_feed_restart()")
    end = f"{known_tag}-{edge}-0"
    if not ours:
        raise FeedGone(read_events(NOW, 0).cursor)
    if turn is not None and (
        tag != known_tag or turn > edge or (turn, place_id) < (low_turn, low_id)
    ):
        raise FeedGone(end)
    events = [
        Event(f"{known_tag}-{row[5]}-{row[6]}", *row[7:]) for row in rows if row[5] is not None
    ]
    if len(events) <= number:
        return Events(events, end, more=False)
    return Events(events[:number], events[number - 1].id, more=True)


def _parsed(after: str) -> tuple[str | None, int | None, int | None]:
    if after in {START, NOW}:
        return None, None, None
    found = CURSOR.fullmatch(after)
    if not found:
        raise InvalidPlace("A cursor is the id of an event, or what Feed-Cursor said.")
    tag, turn, place_id = found.groups()
    return tag, int(turn), int(place_id)
