"""The change feed: what it says of each write, and from where on."""

from datetime import datetime
from itertools import pairwise
from time import monotonic

import pytest
from django.db import connection, transaction

from jobs import feed
from jobs.feed import NOW, START, InvalidPlace, read_events
from jobs.models import Job
from jobs.tests.consumer import Table, apply, happened, rest, stored
from jobs.tests.factories import (
    FAILED,
    PENDING,
    RUNNING,
    database_rows,
    fill,
    make_job,
    settle,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_write_is_told_with_the_job_as_it_was_after_it() -> None:
    job = Job.objects.create_pending("Wing")
    Job.objects.record_status(job.id, RUNNING)
    Job.objects.rename(job.id, "Wing 2")
    changed = Job.objects.record_status(job.id, FAILED, "Wing 3")
    assert changed is not None
    Job.objects.undo_status(job.id, datetime.fromisoformat(changed.updated_at))
    Job.objects.remove(job.id)
    assert happened() == [
        ("created", "Wing", "PENDING"),
        ("status_changed", "Wing", "RUNNING"),
        ("renamed", "Wing 2", "RUNNING"),
        ("renamed", "Wing 3", "FAILED"),
        ("status_changed", "Wing 3", "FAILED"),
        ("status_changed", "Wing 3", "RUNNING"),
        ("deleted", "Wing 3", "RUNNING"),
    ]
    events = rest()
    assert {event.job_id for event in events} == {job.id}
    assert {event.created_at for event in events} == {job.created_at}
    assert events[4].updated_at == changed.updated_at
    assert (events[5].undoes, events[4].undoes) == (events[4].status_id, None)
    assert "undoes" in events[5].content()
    assert not {"undoes", "status_id"} & events[0].content().keys()
    assert all(before.at <= after.at for before, after in pairwise(events))


def test_the_same_status_and_the_same_name_again_are_told_too() -> None:
    job = Job.objects.create_pending("Wing")
    Job.objects.record_status(job.id, PENDING)
    Job.objects.rename(job.id, "Wing")
    Job.objects.record_status(job.id, PENDING, "Tail")
    assert [told for told, *_ in happened()] == [
        "created",
        "status_changed",
        "renamed",
        "renamed",
        "status_changed",
    ]
    entries = database_rows("SELECT id FROM job_status ORDER BY id")[1:]
    assert [(event.status_id,) for event in rest() if event.status_id] == entries


def test_what_changes_nothing_is_not_told() -> None:
    job = make_job()
    settle()
    before = read_events(NOW, 1).cursor
    Job.objects.rename(job.pk + 1, "Nobody")
    Job.objects.remove(job.pk + 1)
    with transaction.atomic():
        make_job()
        transaction.set_rollback(True)
    assert rest(before) == []


CHANGE_ALL = """
    WITH changed AS (
        UPDATE job SET current_status = 'FAILED', updated_at = clock_timestamp() RETURNING *
    ) INSERT INTO job_status (job_id, status_type, "timestamp")
    SELECT id, current_status, updated_at FROM changed
"""


def seconds_to_change_all() -> float:
    """Nothing is changed after all."""
    with transaction.atomic():
        began = monotonic()
        database_rows(CHANGE_ALL)
        took = monotonic() - began
        transaction.set_rollback(True)
    return took


def test_statements_over_many_jobs_tell_of_each_of_them() -> None:
    ids = fill(2_000)
    # Compared each with each it would take many times as long.
    assert min(seconds_to_change_all() for _ in range(3)) < 2
    database_rows(CHANGE_ALL)
    with connection.cursor() as cursor:
        copied = "COPY job (name, current_status, created_at, updated_at) FROM STDIN"
        with cursor.copy(copied) as rows:
            for number in range(500):
                rows.write_row((f"Copied {number}", "COMPLETED", "2020-01-01Z", "2020-02-01Z"))
    table: Table = {}
    apply(table, rest(limit=900))
    assert table == stored()
    database_rows("DELETE FROM job")
    told = [event.type for event in rest(limit=900)]
    assert [told.count(kind) for kind in feed.TYPES] == [2_500, 0, 2_000, 2_500]
    assert sorted(event.job_id for event in rest(limit=900) if event.status_id) == ids


def test_every_cursor_goes_on_exactly_behind_it() -> None:
    for number in range(5):
        make_job(f"Job {number}", status=RUNNING)
    events = rest()
    assert len(events) == 10
    for number, event in enumerate(events):
        assert rest(event.id) == events[number + 1 :]
    page = read_events(START, 4)
    assert (page.events, page.cursor, page.more) == (events[:4], events[3].id, True)
    assert read_events(START, 10).more is False
    assert rest(read_events(NOW, 1).cursor) == []


@pytest.mark.parametrize(
    "cursor", ["", "x", "0-0", "1234567g-1-1", "12345678-1", "12345678-٣-1", "12345678-1-1 "]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidPlace):
        read_events(cursor, 1)


def test_a_page_is_one_range_of_the_key() -> None:
    fill(5_000)
    database_rows("ANALYZE job_event")
    for after in (START, rest(limit=1_000)[2_500].id):
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
