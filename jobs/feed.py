"""What has happened to jobs, in an order that never passes over anything, from any place of the last week on.

The triggers of migration 0008 write it. An event's place is its turn and its id; a reader is given what lies below the
first turn that is still open. So whatever appears later lies above all that was read, and the events of one job come
in the order in which it was changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import OperationalError, connection

from jobs.eras import begin_era
from jobs.querysets import utc_text_sql

START, NOW = "start", "now"
MOST_EVENTS: Final = 1_000
# Another reading is only for an era that ended during one.
MOST_READS: Final = 10
CURSOR: Final = re.compile(r"([0-9a-f]{8})-(\d{1,18})-(\d{1,18})", re.ASCII)
TYPES: Final = ("job.created", "job.renamed", "job.status_changed", "job.deleted")

ERA_BITS: Final = 44

# How long the first event that is committed and not final has waited for an older transaction.
WAITED = """
coalesce((
    SELECT greatest(extract(epoch FROM clock_timestamp() - at), 0) FROM job_event
    WHERE turn >= job_feed_open_turn() ORDER BY turn, id LIMIT 1
), 0)::float8
"""


def _mark_of(turn: str) -> str:
    """The first era in which a cursor at this turn was given out, or else is now."""
    return f"""coalesce((
        SELECT (SELECT mark FROM job_feed_era AS era WHERE era.era = given.era) FROM job_feed_given AS given
        WHERE given.era >= {turn} >> {ERA_BITS} AND given.turn >= {turn} ORDER BY given.era LIMIT 1
    ), present.mark)"""


# One statement, so that what has been removed and what is there are seen at one moment. Of the feed at least one row.
# What is given as the end is the last event's place, never a mere number above it: an event is on disk when it is seen,
# and outlives a crash, where a number that left no trace is handed out again.
READ = f"""
SELECT present.era, given.turn >= end_.turn, {_mark_of("end_.turn")}, end_.turn, end_.id,
    {_mark_of("feed.low_turn")}, feed.low_turn, feed.low_id,
    CASE WHEN cursor_.era = present.era THEN edge.turn ELSE cursor_given.turn END,
    EXISTS (SELECT FROM job_event WHERE turn = %(turn)s AND id = %(id)s), {WAITED},
    {_mark_of("event.turn")}, event.turn, event.id, event.type, {utc_text_sql("event.at")}, event.job_id, event.name,
    event.status_type, {utc_text_sql("event.created_at")}, {utc_text_sql("event.updated_at")}, event.status_id, event.undoes
FROM job_feed AS feed
CROSS JOIN (SELECT job_feed_open_turn() AS turn, job_feed_current() AS era OFFSET 0) AS edge
LEFT JOIN job_feed_era AS present ON present.era = edge.era
LEFT JOIN job_feed_given AS given ON given.era = edge.era
LEFT JOIN LATERAL (
    SELECT turn, id FROM job_event
    WHERE (turn, id) > (feed.low_turn, feed.low_id) AND turn < edge.turn ORDER BY turn DESC, id DESC LIMIT 1
) AS last ON true
CROSS JOIN LATERAL (
    SELECT coalesce(last.turn, feed.low_turn) AS turn, coalesce(last.id, feed.low_id) AS id
) AS end_
LEFT JOIN job_feed_era AS cursor_ ON cursor_.mark = %(mark)s
LEFT JOIN job_feed_given AS cursor_given ON cursor_given.era = cursor_.era
LEFT JOIN LATERAL (
    SELECT * FROM job_event
    WHERE (turn, id) > (coalesce(%(turn)s, feed.low_turn), coalesce(%(id)s, feed.low_id)) AND turn < edge.turn
    ORDER BY turn, id LIMIT %(limit)s
) AS event ON true
"""

# Committed before any cursor so far is given out: whatever brings an earlier state of the database back then ends it.
# None where the era has ended meanwhile.
GIVE = """
INSERT INTO job_feed_given AS given SELECT era, %(turn)s FROM job_feed_era WHERE era = %(era)s AND era = job_feed_current()
ON CONFLICT (era) DO UPDATE SET turn = greatest(given.turn, excluded.turn) RETURNING turn
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
    """`cursor` is where to go on; `more` whether there is something by now; `behind` for how many seconds the oldest
    event that is not given out yet has waited for the end of an older transaction.
    """

    events: list[Event]
    cursor: str
    more: bool
    behind: float = 0


def read_events(after: str, limit: int) -> Events:
    """At most `limit` events after the cursor, or after START or NOW, by one query along the key.

    Raises InvalidPlace for what is no cursor, FeedGone for one with a gap behind it.
    """
    _, end, behind, rows = _read(after, 0 if after == NOW else limit + 1)
    events = [Event(f"{mark}-{turn}-{place}", *rest) for mark, turn, place, *rest in rows[:limit]]
    if len(rows) <= limit:
        return Events(events, end, more=False, behind=behind)
    return Events(events, events[-1].id, more=True, behind=behind)


def beginning(after: str) -> str:
    """The cursor itself, and for START and NOW the one they stand for. Raises as read_events."""
    begin, end, _, _ = _read(after, 0)
    return end if after == NOW else begin


def seconds_behind() -> float:
    """As Events.behind. Begins the era where nobody has, before writers have to wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT job_feed_current() IS NOT NULL, {WAITED}")
        begun, behind = cursor.fetchone()
    if not begun:
        begin_era()
    return float(behind)


def _read(after: str, limit: int) -> tuple[str, str, float, list[tuple[Any, ...]]]:
    """The cursor to begin after, the one after everything that is final, Events.behind, and rows of READ's event."""
    mark, turn, place = _parsed(after)
    rows = _given({"mark": mark, "turn": turn, "id": place, "limit": limit})
    end_mark, end_turn, end_id, low_mark, low_turn, low_id, furthest, known, behind = rows[0][2:11]
    end = f"{end_mark}-{end_turn}-{end_id}"
    if turn is None or place is None:
        after = f"{low_mark}-{low_turn}-{low_id}"
    else:
        # The release before gave out numbers above the last event, of no event.
        known = known or place == 0 or (turn, place) == (low_turn, low_id)
        if furthest is None or turn > furthest or not known or (turn, place) < (low_turn, low_id):
            raise FeedGone(end)
    return after, end, behind, [row[11:] for row in rows if row[12] is not None]


def _given(values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Rows of READ, all of whose cursors may be given out."""
    with connection.cursor() as cursor:
        for _ in range(MOST_READS):
            cursor.execute(READ, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            if not rows or rows[0][0] is None:
                begin_era()
                continue
            era, given, _, end_turn = rows[0][:4]
            if given:
                return rows
            cursor.execute(GIVE, {"era": era, "turn": end_turn})
            if cursor.fetchone():
                return rows
    raise OperationalError("The eras of the feed follow one another without an end.")


def _parsed(after: str) -> tuple[str | None, int | None, int | None]:
    if after in {START, NOW}:
        return None, None, None
    found = CURSOR.fullmatch(after)
    if not found:
        raise InvalidPlace("A cursor is the id of an event, or what Feed-Cursor said.")
    tag, turn, place_id = found.groups()
    return tag, int(turn), int(place_id)
