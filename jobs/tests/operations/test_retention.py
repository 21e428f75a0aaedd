"""Retention deletes by operations what has not changed for long enough, and nothing without a rule."""

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django import Settings

from jobs.models import Job
from jobs.operations.retention import apply, dry_run, rules
from jobs.tests.factories import COMPLETED, FAILED, database_rows, make_job
from jobs.tests.operations.conftest import finished, numbers

pytestmark = pytest.mark.django_db


def age(job: Job, days: int) -> None:
    database_rows(f"UPDATE job SET updated_at = now() - interval '{days} days' WHERE id = {job.pk}")


def names() -> set[str]:
    return set(Job.objects.values_list("name", flat=True))


@pytest.fixture(autouse=True)
def jobs() -> None:
    for name, status, days in (
        ("old", COMPLETED, 100),
        ("young", COMPLETED, 80),
        ("failed", FAILED, 100),
        ("ancient", FAILED, 400),
    ):
        age(make_job(name, history=[status]), days)


def printed(*words: str) -> str:
    out = io.StringIO()
    call_command("retention", *words, stdout=out)
    return out.getvalue()


def test_it_is_off_by_default(settings: Settings) -> None:
    settings.RETENTION = []
    assert apply() == []
    assert "nothing is deleted" in printed("--run")


def test_each_rule_has_its_status_and_age(settings: Settings) -> None:
    settings.RETENTION = ["COMPLETED:90", "FAILED:365"]
    settings.TRASH_DAYS = 7
    assert [found.total.value for _, found in dry_run()] == [1, 1]
    operations = apply()
    assert [numbers(finished(operation)) for operation in operations] == [(1, 1, 0, 0)] * 2
    assert names() == {"young", "failed"}
    assert {operation.source for operation in operations} == {"retention"}
    assert operations[0].reason == "Retention: completed, and not changed for 90 days."
    assert database_rows("SELECT count(*) FROM trashed_job") == [(2,)]


def test_a_rule_waits_until_its_operation_has_ended(settings: Settings) -> None:
    settings.RETENTION = ["COMPLETED:90"]
    [operation] = apply()
    assert apply() == []
    finished(operation)
    age(make_job("old too", history=[COMPLETED]), 100)
    assert len(apply()) == 1


def test_a_rule_that_finds_nothing_begins_nothing(settings: Settings) -> None:
    settings.RETENTION = ["RUNNING:1"]
    assert apply() == []
    assert database_rows("SELECT count(*) FROM operation") == [(0,)]


def test_the_command_shows_and_changes_nothing_unless_it_is_told_to(settings: Settings) -> None:
    settings.RETENTION = ["COMPLETED:90"]
    text = printed()
    assert "status:completed updated:>90d: 1 job" in text
    assert "old" in text
    assert database_rows("SELECT count(*) FROM operation") == [(0,)]
    assert "has begun" in printed("--run")


@pytest.mark.parametrize(
    "rule", ["completed:90", "COMPLETED", "COMPLETED:0", "COMPLETED:-1", "X:1", "FAILED:99999999"]
)
def test_a_rule_that_cannot_be_read_is_refused(settings: Settings, rule: str) -> None:
    settings.RETENTION = [rule]
    with pytest.raises(ImproperlyConfigured, match="RETENTION"):
        rules()
