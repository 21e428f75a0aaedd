"""The trash is emptied in batches, the oldest deletions first."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from jobs.management.commands import empty_trash
from jobs.tests.factories import database_rows, fill
from jobs.tests.trash.stored import expire, rows
from jobs.tests.trash.test_restoring import delete, restore
from jobs.trash.emptying import discard, empty_all, empty_expired

pytestmark = pytest.mark.django_db


def left() -> list[int]:
    assert {row["job_id"] for row in rows("trashed_status")} == {
        row["id"] for row in rows("trashed_job")
    }
    return [row["id"] for row in rows("trashed_job")]


def test_only_what_has_expired_is_emptied_in_batches() -> None:
    old, new = fill(5), fill(2)
    for job_id in old:
        delete(job_id)
    expire()
    delete(*new)
    assert empty_expired(3) == 3
    assert left() == [*old[3:], *new]
    assert empty_expired(3) == 2
    assert empty_expired(3) == 0
    assert left() == new


def test_the_period_is_the_one_that_is_configured_now(settings: Settings) -> None:
    delete(*fill(1))
    expire(days=3)
    assert empty_expired(10) == 0
    settings.TRASH_DAYS = 2
    assert empty_expired(10) == 1


def test_without_a_trash_what_was_left_in_it_expires(settings: Settings) -> None:
    delete(*fill(1))
    settings.TRASH_DAYS = 0
    assert empty_expired(10) == 1


def test_everything_can_be_emptied() -> None:
    delete(*fill(3))
    assert empty_all(2) == 2
    assert empty_all(2) == 1
    assert left() == []


def test_a_single_job_can_be_discarded() -> None:
    one, other = fill(2)
    delete(one, other)
    assert discard(one)
    assert not discard(one)
    assert left() == [other]
    assert restore(one) == ["not_in_trash"]


def test_the_command_empties_what_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(empty_trash, "BATCH", 2)
    old, new = fill(5), fill(1)
    delete(*old)
    expire()
    delete(*new)
    assert command() == [
        "2 so far.",
        "4 so far.",
        "Emptied the trash of 5 jobs that were deleted 7 days ago or earlier.",
    ]
    assert left() == new
    assert command("--all") == ["Emptied the trash of 1 jobs."]
    assert command("--all") == ["Emptied the trash of 0 jobs."]


def command(*words: str) -> list[str]:
    output = StringIO()
    call_command("empty_trash", *words, stdout=output)
    return output.getvalue().splitlines()


def test_emptying_reads_an_index() -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    plan = database_rows(
        "EXPLAIN SELECT id FROM trashed_job WHERE deleted_at <= now() ORDER BY deleted_at, id LIMIT 3"
    )
    assert "trashed_job_by_deletion" in str(plan)
