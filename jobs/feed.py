"""The change feed: the latest events, in an order in which a reader never misses one.

The triggers in jobs/sql/job_event_track.sql write it. An event's position is (turn, id). Readers get the events below
the first turn that is still open: one in which a running transaction may yet commit events. So events that appear later
always follow those already read, and the events of a job are in the order of its changes.

- A turn is era × 2^44 + n, where n is above the event's transaction number and not below the n of any event committed
  earlier.
- An era begins with each start of the server, after a crash, and after a restore (docs/decisions/0026).
- A mark is the random text of an era; each cursor contains that of the era in which its position was first returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import OperationalError, connection

from jobs.actors import username_sql
from jobs.eras import begin_era
from jobs.feed_cursor import NOW, START, Cursor
from jobs.rows import NAMES, JobRow, row_sql, utc_text_sql

# What job_event_trim keeps: events of this age, and no more than this many.
RETENTION: Final = timedelta(days=7)
MAX_KEPT_EVENTS: Final = 20_000_000
# The events of one read.
MAX_EVENTS: Final = 1_000
# How long a client may ask to wait for an event.
MAX_WAIT_SECONDS: Final = 30
# A read is repeated only if the era ended meanwhile.
MAX_READS: Final = 10
# An event has an id and a type of its own.
FIELD_NAMES: Final = {"id": "job_id", "current_status": "status_type"}
"""The columns of a job whose names differ in an event."""
JOB_FIELDS: Final = tuple(FIELD_NAMES.get(name, name) for name in NAMES)
TYPES: Final = ("job.created", "job.renamed", "job.status_changed", "job.updated", "job.deleted")

ERA_BITS: Final = 44

# How long the first event that is committed but not yet readable has waited for an older transaction.
SECONDS_BEHIND = """
coalesce((
    SELECT greatest(extract(epoch FROM clock_timestamp() - at), 0) FROM job_event
    WHERE turn >= job_feed_open_turn() ORDER BY turn, id LIMIT 1
), 0)::float8
"""


def _mark_of(turn: str) -> str:
    """The mark of the first era in which a cursor at this turn was returned, or else of the current era."""
    return f"""coalesce((
        SELECT (SELECT mark FROM job_feed_era AS era WHERE era.era = given.era) FROM job_feed_given AS given
        WHERE given.era >= {turn} >> {ERA_BITS} AND given.turn >= {turn} ORDER BY given.era LIMIT 1
    ), present.mark)"""


# One statement, so that trimming and events are read from one snapshot. Returns at least one row, for the feed itself.
# The end is the position of the last event, never a bare number above it: a visible event is on disk and survives a
# crash, after which PostgreSQL assigns numbers again that left no trace on disk.
READ = f"""
SELECT present.era, given.turn >= end_.turn, {_mark_of("end_.turn")}, end_.turn, end_.id,
    {_mark_of("feed.low_turn")}, feed.low_turn, feed.low_id,
    CASE WHEN cursor_.era = present.era THEN edge.turn ELSE cursor_given.turn END,
    EXISTS (SELECT FROM job_event WHERE turn = %(turn)s AND id = %(id)s), {SECONDS_BEHIND},
    {_mark_of("event.turn")}, event.turn, event.id, event.type, {utc_text_sql("event.at")},
    event.status_id, event.undoes, event.reason, event.source, {utc_text_sql("event.occurred_at")}, event.operation_id,
    {username_sql("event.actor")},
    {row_sql("event", FIELD_NAMES)}
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

# Committed before a cursor up to this turn is returned, so that such a cursor expires if an earlier state of the
# database is restored. Returns no row if the era has ended meanwhile.
STORE_GIVEN = """
INSERT INTO job_feed_given AS given SELECT era, %(turn)s FROM job_feed_era WHERE era = %(era)s AND era = job_feed_current()
ON CONFLICT (era) DO UPDATE SET turn = greatest(given.turn, excluded.turn) RETURNING turn
"""


class FeedState(NamedTuple):
    """The first columns of READ, the same in each row. Those of an event follow, which are NULL if there is none.

    `end` and `low` are the positions of the last event and of the last one trimmed, each with its mark. `last_turn` is
    the last one of a cursor with the given mark, or None if no era has this mark. `exists` says whether there is an
    event at the given position.
    """

    era: int | None
    is_end_given: bool | None
    end_mark: str
    end_turn: int
    end_id: int
    low_mark: str
    low_turn: int
    low_id: int
    last_turn: int | None
    exists: bool
    behind: float


STATE_COLUMNS: Final = len(FeedState._fields)


class CursorExpired(Exception):
    """The events after the cursor are no longer stored, or the cursor is of another database.

    `cursor` is the current end of the feed.
    """

    def __init__(self, cursor: str) -> None:
        super().__init__("The events after this cursor are no longer kept.")
        self.cursor = cursor


class Event(NamedTuple):
    """An event, with the job right after it, or the last state of a deleted job. `id` is the event's cursor.

    The fields after `at` are those of the history entry that a status change appended: `status_id` is its id. But every event
    has the `operation_id` of the operation that made the change, if one did, and the `actor`, the name of the user who did; None
    for what the dashboard does by itself. Timestamps are as in JobRow.
    """

    id: str
    type: str
    at: str
    status_id: int | None
    undoes: int | None
    reason: str | None
    source: str | None
    occurred_at: str | None
    operation_id: int | None
    actor: str | None
    job: JobRow

    def content(self) -> dict[str, Any]:
        """The event as the API sends it, without the fields that do not apply."""
        content: dict[str, Any] = {"id": self.id, "type": self.type, "at": self.at}
        content |= zip(JOB_FIELDS, self.job.content().values(), strict=True)
        if self.status_id is not None:
            entry = zip(ENTRY_FIELDS, self[3:-2], strict=True)
            content |= {name: value for name, value in entry if value is not None}
        elif self.operation_id is not None:
            content["operation_id"] = self.operation_id
        if settings.ACCESS == "login":
            content["actor"] = self.actor
        return content


ENTRY_FIELDS: Final = Event._fields[3:-2]
"""Of a status change, the fields that describe the entry of the history; other events have only `operation_id`."""


@dataclass(frozen=True)
class Events:
    """A page of events. `cursor` continues after it; `more` says whether more events can be read already.

    `behind` is the number of seconds for which the oldest event that cannot be read yet has waited for an older
    transaction to end.
    """

    events: list[Event]
    cursor: str
    more: bool
    behind: float = 0


def read_events(after: str, limit: int) -> Events:
    """At most `limit` events after a cursor, START or NOW: one query, one index range.

    Raises MalformedCursor, and CursorExpired if events after the cursor are missing.
    """
    _, end, behind, rows = _read(after, 0 if after == NOW else limit + 1)
    events = [_event(*row) for row in rows[:limit]]
    if len(rows) <= limit:
        return Events(events, end, more=False, behind=behind)
    return Events(events, events[-1].id, more=True, behind=behind)


def _event(mark: str, turn: int, number: int, type_: str, at: str, *values: Any) -> Event:
    """From the event columns of READ."""
    cursor, entry = str(Cursor(mark, turn, number)), len(ENTRY_FIELDS) + 1
    return Event._make([cursor, type_, at, *values[:entry], JobRow._make(values[entry:])])


def resolve_cursor(after: str) -> str:
    """The cursor for `after`: START and NOW are resolved to cursors. Raises the same errors as read_events."""
    begin, end, _, _ = _read(after, 0)
    return end if after == NOW else begin


def seconds_behind() -> float:
    """Like Events.behind. Begins the era if it has not begun, so that writers need not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT job_feed_current() IS NOT NULL, {SECONDS_BEHIND}")
        has_era, behind = cursor.fetchone()
    if not has_era:
        begin_era()
    return float(behind)


def _read(after: str, limit: int) -> tuple[str, str, float, list[tuple[Any, ...]]]:
    """The resolved cursor, the cursor at the current end, Events.behind, and the event columns of READ's rows."""
    asked = None if after in {START, NOW} else Cursor.parse(after)
    mark, turn, event_id = asked or (None, None, None)
    state, rows = _read_rows({"mark": mark, "turn": turn, "id": event_id, "limit": limit})
    end = Cursor(state.end_mark, state.end_turn, state.end_id)
    low = Cursor(state.low_mark, state.low_turn, state.low_id)
    if asked:
        exists = state.exists or asked.position == low.position
        is_given = state.last_turn is not None and asked.turn <= state.last_turn
        if not (is_given and exists) or asked.position < low.position:
            raise CursorExpired(str(end))
    return str(asked or low), str(end), state.behind, rows


def _read_rows(values: dict[str, Any]) -> tuple[FeedState, list[tuple[Any, ...]]]:
    """The state and the event columns of READ. Its cursors may be returned: job_feed_given covers them."""
    with connection.cursor() as cursor:
        for _ in range(MAX_READS):
            cursor.execute(READ, values)
            rows = cursor.fetchall()
            state = FeedState._make(rows[0][:STATE_COLUMNS]) if rows else None
            if state is None or state.era is None:
                begin_era()
                continue
            if not state.is_end_given:
                cursor.execute(STORE_GIVEN, {"era": state.era, "turn": state.end_turn})
                if not cursor.fetchone():
                    continue
            turn = STATE_COLUMNS + 1  # NULL only if there is no event
            return state, [row[STATE_COLUMNS:] for row in rows if row[turn] is not None]
    raise OperationalError("The eras of the change feed keep ending.")
