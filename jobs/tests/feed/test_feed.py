"""The change feed: the events of each write, and reading after a cursor."""

from datetime import datetime
from itertools import pairwise

import pytest
from django.db import connection, transaction

from jobs import feed
from jobs.changes.undo import undo_status
from jobs.feed import ENTRY_FIELDS, read_events
from jobs.feed_cursor import NOW, START, MalformedCursor
from jobs.models import Job
from jobs.tests.consumer import Table, apply, event_summaries, events_after, stored
from jobs.tests.factories import (
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    fill,
    make_job,
    wait_until_final,
)
from jobs.tests.plans import nested_plans

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_write_is_an_event_with_the_job_right_after_it() -> None:
    job = Job.objects.create_pending("Wing")
    Job.objects.record_status(job.id, RUNNING)
    Job.objects.edit(job.id, name="Wing 2")
    changed = Job.objects.record_status(job.id, FAILED, name="Wing 3")
    assert changed is not None
    undo_status(job.id, datetime.fromisoformat(changed.updated_at))
    Job.objects.remove(job.id)
    assert event_summaries() == [
        ("created", "Wing", "PENDING"),
        ("status_changed", "Wing", "RUNNING"),
        ("renamed", "Wing 2", "RUNNING"),
        ("renamed", "Wing 3", "FAILED"),
        ("status_changed", "Wing 3", "FAILED"),
        ("status_changed", "Wing 3", "RUNNING"),
        ("deleted", "Wing 3", "RUNNING"),
    ]
    events = events_after()
    assert {event.job.id for event in events} == {job.id}
    assert {event.job.created_at for event in events} == {job.created_at}
    assert events[4].job.updated_at == changed.updated_at
    assert (events[5].undoes, events[4].undoes) == (events[4].status_id, None)
    assert "undoes" in events[5].content()
    assert not {*ENTRY_FIELDS} & events[0].content().keys()
    assert all(before.at <= after.at for before, after in pairwise(events))


def test_the_same_status_and_the_same_name_are_events_too() -> None:
    job = Job.objects.create_pending("Wing")
    Job.objects.record_status(job.id, PENDING)
    Job.objects.edit(job.id, name="Wing")
    Job.objects.record_status(job.id, PENDING, name="Tail")
    assert [kind for kind, *_ in event_summaries()] == [
        "created",
        "status_changed",
        "updated",
        "renamed",
        "status_changed",
    ]
    entries = database_rows("SELECT id FROM job_status ORDER BY id")[1:]
    assert [(event.status_id,) for event in events_after() if event.status_id] == entries


def test_a_rename_is_told_by_the_name_and_another_change_is_an_update() -> None:
    """However a statement sets updated_at: it may be that of an entry of the history."""
    job = make_job("Wing", history=[RUNNING])
    for change in (
        "updated_at = updated_at + interval '1 second'",
        "name = 'Tail'",
        "name = 'Fin', updated_at = updated_at + interval '1 second'",
        "name = name",
    ):
        database_rows(f"UPDATE job SET {change}")
    assert event_summaries()[2:] == [
        ("updated", "Wing", "RUNNING"),
        ("renamed", "Tail", "RUNNING"),
        ("renamed", "Fin", "RUNNING"),
    ]
    [_, _, updated, *_] = events_after()
    assert updated.job.id == job.pk
    assert not {*ENTRY_FIELDS} & updated.content().keys()


def test_one_statement_tells_each_job_what_happened_to_it() -> None:
    renamed, touched, moved = (make_job(name).pk for name in ("Wing", "Tail", "Fin"))
    wait_until_final()
    cursor = read_events(NOW, 1).cursor
    database_rows(f"""
        UPDATE job SET updated_at = updated_at + interval '1 second',
            name = CASE id WHEN {renamed} THEN 'Wing 2' ELSE name END,
            current_status = CASE id WHEN {moved} THEN 'FAILED' ELSE current_status END
    """)
    types = {event.job.id: event.type for event in events_after(cursor)}
    assert types == {renamed: "job.renamed", touched: "job.updated", moved: "job.status_changed"}


def test_a_write_without_effect_is_not_an_event() -> None:
    job = make_job()
    wait_until_final()
    before = read_events(NOW, 1).cursor
    Job.objects.edit(job.pk + 1, name="Nobody")
    Job.objects.remove(job.pk + 1)
    with transaction.atomic():
        make_job()
        transaction.set_rollback(True)
    assert events_after(before) == []


CHANGE_ALL = """
    WITH changed AS (
        UPDATE job SET current_status = 'FAILED', updated_at = clock_timestamp() RETURNING *
    ) INSERT INTO job_status (job_id, status_type, "timestamp")
    SELECT id, current_status, updated_at FROM changed
"""


def test_the_rows_before_and_after_are_not_joined() -> None:
    """The plan is made for one row: as a join it would compare each of many rows with each other."""
    make_job()
    rows = ["NAMEDTUPLESTORESCAN"] * 2
    found = [plan for plan in nested_plans(CHANGE_ALL) if plan.count(rows[0]) == 2]
    assert found
    for plan in found:
        first = plan.index(rows[0])
        assert plan[first - 1 : first + 2] == ["APPEND", *rows]


def test_a_statement_over_many_jobs_appends_an_event_for_each() -> None:
    ids = fill(2_000)
    database_rows(CHANGE_ALL)
    with connection.cursor() as cursor:
        copied = "COPY job (name, current_status, created_at, updated_at) FROM STDIN"
        with cursor.copy(copied) as rows:
            for number in range(500):
                rows.write_row((f"Copied {number}", "COMPLETED", "2020-01-01Z", "2020-02-01Z"))
    table: Table = {}
    apply(table, events_after(limit=900))
    assert table == stored()
    database_rows("DELETE FROM job")
    types = [event.type for event in events_after(limit=900)]
    assert [types.count(kind) for kind in feed.TYPES] == [2_500, 0, 2_000, 0, 2_500]
    assert sorted(event.job.id for event in events_after(limit=900) if event.status_id) == ids


def test_every_cursor_continues_right_after_its_event() -> None:
    for number in range(5):
        make_job(f"Job {number}", status=RUNNING)
    events = events_after()
    assert len(events) == 10
    for number, event in enumerate(events):
        assert events_after(event.id) == events[number + 1 :]
    page = read_events(START, 4)
    assert (page.events, page.cursor, page.more) == (events[:4], events[3].id, True)
    assert read_events(START, 10).more is False
    assert events_after(read_events(NOW, 1).cursor) == []


@pytest.mark.parametrize(
    "cursor", ["", "x", "0-0", "1234567g-1-1", "12345678-1", "12345678-٣-1", "12345678-1-1 "]
)
def test_a_malformed_cursor_is_rejected(cursor: str) -> None:
    with pytest.raises(MalformedCursor):
        read_events(cursor, 1)


def test_a_page_is_one_index_range() -> None:
    fill(5_000)
    database_rows("ANALYZE job_event")
    for after in (START, events_after(limit=1_000)[2_500].id):
        mark, turn, place = (None, None, None) if after == START else after.split("-")
        sql = feed.READ % {
            "mark": f"'{mark}'" if mark else "NULL",
            "turn": turn or "NULL::bigint",
            "id": place or "NULL::bigint",
            "limit": 20,
        }
        plan = "\n".join(line for (line,) in database_rows(f"EXPLAIN (ANALYZE, BUFFERS) {sql}"))
        _, found, rest_of_plan = plan.partition("Index Scan using job_event_pkey")
        assert found
        assert "Seq Scan on job_event" not in plan
        assert "Rows Removed" not in rest_of_plan.partition("->")[0]
