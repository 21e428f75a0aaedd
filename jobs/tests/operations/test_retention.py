"""Retention deletes by operations what has not changed for long enough, and nothing without a rule."""

import gzip
import io
import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DataError, transaction
from pytest_django import Settings

from jobs.models import Job
from jobs.operations.retention import apply, dry_run, rules
from jobs.tests.factories import COMPLETED, FAILED, database_rows, make_job
from jobs.tests.operations.conftest import finished, numbers
from jobs.transfer.archive import write_archive

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
    assert [found.total.value for _, _, found in dry_run()] == [1, 1]
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
    assert re.search(r"status:completed updated:<\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d: 1 job", text)
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


def test_the_oldest_rule_is_valid(settings: Settings) -> None:
    settings.RETENTION = [f"COMPLETED:{settings.MAX_RETENTION_DAYS}"]
    assert [found.total.value for _, _, found in dry_run()] == [0]


def test_what_goes_is_archived_first(settings: Settings, tmp_path: Path) -> None:
    settings.RETENTION, settings.RETENTION_ARCHIVE = ["COMPLETED:90"], str(tmp_path)
    old = Job.objects.get(name="old")
    database_rows(
        f"""UPDATE job SET key = 'k\\1', labels = ARRAY['team="fluid" é'] WHERE id = {old.pk}"""
    )
    [operation] = apply()
    [archive] = tmp_path.iterdir()
    assert re.fullmatch(r"completed-\d{4}-\d\d-\d\dT\d{6}Z\.ndjson\.gz", archive.name)
    assert archive.stat().st_mode & 0o777 == 0o600
    [job] = map(json.loads, gzip.decompress(archive.read_bytes()).splitlines())
    assert (job["id"], job["name"], job["key"]) == (old.pk, "old", "k\\1")
    assert job["labels"] == {"team": '"fluid" é'}
    assert [entry["status_type"] for entry in job["statuses"]] == ["PENDING", "COMPLETED"]
    assert set(job["statuses"][0]) == {"id", "status_type", "timestamp"}
    assert names() == {"old", "young", "failed", "ancient"}
    finished(operation)
    assert names() == {"young", "failed", "ancient"}


def test_nothing_is_deleted_without_its_archive(settings: Settings, tmp_path: Path) -> None:
    settings.RETENTION, settings.RETENTION_ARCHIVE = ["COMPLETED:90"], str(tmp_path / "missing")
    with pytest.raises(CommandError, match=r"The archive was not written: .*missing"):
        printed("--run")
    assert database_rows("SELECT count(*) FROM operation") == [(0,)]


def test_an_archive_that_fails_leaves_an_older_one(tmp_path: Path) -> None:
    target = tmp_path / "old.ndjson.gz"
    target.write_text("older")
    with pytest.raises(DataError), transaction.atomic():
        write_archive(target, "1 / (id - id) > 0", {})
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [
        (target.name, "older")
    ]


def test_an_archive_that_takes_too_long_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.transfer.archive.ARCHIVE_SECONDS", 0.001)
    with pytest.raises(TimeoutError, match="took too long"):
        write_archive(tmp_path / "old.ndjson.gz", "pg_sleep(0.1) IS NOT NULL", {})
    assert list(tmp_path.iterdir()) == []
