"""Every outlet has every column of a job that jobs.rows declares."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from typing import Any, get_type_hints

import pytest
from django.conf import settings
from django.test import Client

from jobs.api.document import openapi_document
from jobs.api.job_fields import COLUMN_FIELDS
from jobs.api.openapi import examples
from jobs.api.serializers import REPORTED
from jobs.api.transfers.records import FIELDS
from jobs.changes.values import KINDS
from jobs.feed import FIELD_NAMES, JOB_FIELDS, Event
from jobs.models import Job
from jobs.rows import COLUMNS, NAMES, READ_ONLY, WRITABLE, Column, JobRow, Kind
from jobs.statuses import StatusType
from jobs.tests import made_up_column
from jobs.tests.conftest import Api
from jobs.tests.consumer import events_after
from jobs.tests.factories import database_rows
from jobs.tests.served import database_url

NEW = {name: examples.JOB[name] for name in WRITABLE}
# Columns that are deliberately not shown there.
NOT_IN_LIST = {"key"}
NOT_ON_PAGE: set[str] = set()


def stored(job_id: int) -> dict[str, Any]:
    row = Job.objects.row(job_id)
    assert row is not None
    return row.content()


def other(name: str, number: int) -> Any:
    """Another value of the column."""
    return (
        NEW[name] | {"run": f"{number}"} if KINDS[name] is Kind.LABELS else f"{NEW[name]} {number}"
    )


def exported(api: Api, form: str) -> str:
    response = api.call("GET", f"/api/jobs/export/?format={form}")
    return b"".join(response.streaming_content).decode()


def test_the_model_has_each_column() -> None:
    fields = [field.name for field in Job._meta.concrete_fields]
    assert set(fields) - {"name_key"} == set(NAMES)


def test_a_row_has_a_field_for_each_column() -> None:
    assert JobRow._fields == NAMES
    kinds = {Kind.ID: int, Kind.OPTIONAL_TEXT: str | None, Kind.LABELS: list[str]}
    types = [kinds.get(column.kind, str) for column in COLUMNS]
    assert list(get_type_hints(JobRow).values()) == types


@pytest.mark.django_db
def test_each_response_with_a_job_has_each_column(api: Api) -> None:
    created = api.post("/api/jobs/", NEW).json()
    path = f"/api/jobs/{created['id']}/"
    assert created == stored(created["id"]) == api.get(path)
    assert [created] == api.get("/api/jobs/")["results"]
    changed = api.patch(path, {"status_type": "RUNNING"}).json()
    assert changed == stored(created["id"])
    undone = api.post(f"{path}undo/", {"updated_at": changed["updated_at"]}).json()
    assert undone == stored(created["id"])
    body = {"jobs": [{"id": created["id"], "status_type": "FAILED"}]}
    [outcome] = api.patch("/api/jobs/", body).json()["results"]
    assert outcome["job"] == stored(created["id"])
    for job in (created, changed, undone, outcome["job"]):
        assert tuple(job) == NAMES


@pytest.mark.django_db
def test_requests_set_each_writable_column(api: Api) -> None:
    job = api.post("/api/jobs/", NEW).json()
    assert {name: job[name] for name in WRITABLE} == NEW
    for name in WRITABLE:
        path, values = f"/api/jobs/{job['id']}/", {name: other(name, 2)}
        assert api.patch(path, values).json()[name] == other(name, 2)
        values = {"status_type": "RUNNING", name: other(name, 3)}
        assert api.patch(path, values).json()[name] == other(name, 3)
        values = {"id": job["id"], name: other(name, 4)}
        [outcome] = api.patch("/api/jobs/", {"jobs": [values]}).json()["results"]
        assert outcome["job"][name] == other(name, 4)


@pytest.mark.django_db
def test_an_export_has_each_column(api: Api) -> None:
    job = api.post("/api/jobs/", NEW).json()
    assert [json.loads(line) for line in exported(api, "ndjson").splitlines()] == [job]
    [header, row] = csv.reader(exported(api, "csv").splitlines())
    assert tuple(header) == NAMES
    assert row[:-1] == [str(value) for value in job.values()][:-1]
    assert json.loads(row[-1]) == job["labels"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "media"), [("ndjson", "application/x-ndjson"), ("csv", "text/csv")]
)
def test_an_import_reads_or_reports_each_column(api: Api, form: str, media: str) -> None:
    assert set(FIELDS) == set(WRITABLE)
    job = api.post("/api/jobs/", NEW).json()
    body = exported(api, form).replace(NEW["key"], f"{NEW['key']} 2").encode()
    report = api.call("POST", "/api/jobs/import/", body, content_type=media).json()
    assert (report["created"], report["ignored_fields"]) == (1, sorted(READ_ONLY))
    imported = stored(Job.objects.latest("id").pk)
    assert imported["id"] != job["id"]
    assert {name: imported[name] for name in WRITABLE} == NEW | {"key": f"{NEW['key']} 2"}


@pytest.mark.django_db(transaction=True)
def test_an_event_has_each_column(api: Api) -> None:
    rows = [api.post("/api/jobs/", NEW).json()]
    path = f"/api/jobs/{rows[0]['id']}/"
    bodies = [{"status_type": "RUNNING"}, *({name: other(name, 2)} for name in WRITABLE)]
    rows += [api.patch(path, body).json() for body in bodies]
    api.delete(path)
    events: list[Event] = events_after()
    assert [event.job.content() for event in events] == [*rows, rows[-1]]
    for event, row in zip(events, rows, strict=False):
        content = {name: event.content()[FIELD_NAMES.get(name, name)] for name in NAMES}
        assert content == row


@pytest.mark.django_db
def test_the_list_and_the_page_of_a_job_show_each_column(api: Api, client: Client) -> None:
    job = api.post("/api/jobs/", NEW).json()
    html = client.get("/").content.decode()
    [row] = re.findall(rf'<tr id="job-{job["id"]}".*?</tr>', html, re.DOTALL)
    page = client.get(f"/jobs/{job['id']}/").content.decode()
    for column in COLUMNS:
        for text in shown(column, job):
            assert (text in row) != (column.name in NOT_IN_LIST), column
            assert (text in page) != (column.name in NOT_ON_PAGE), column


def shown(column: Column, job: dict[str, Any]) -> list[str]:
    value = job[column.name]
    match column.kind:
        case Kind.LABELS:
            return [f'<span class="label">{key}={text}</span>' for key, text in value.items()]
        case Kind.TIME:
            return [f'<time datetime="{value}"']
        case Kind.STATUS:
            return [f"<span>{StatusType(value).label}</span>"]
        case _:
            return [escape(str(value))]


def test_the_schema_describes_each_column() -> None:
    schemas = openapi_document()["components"]["schemas"]
    assert tuple(schemas["Job"]["properties"]) == NAMES
    assert set(schemas["Job"]["required"]) == set(NAMES)
    event = schemas["Event"]
    assert tuple(name for name in event["properties"] if name in JOB_FIELDS) == JOB_FIELDS
    assert set(JOB_FIELDS) <= set(event["required"])
    assert schemas["ImportedJob"]["properties"].keys() == set(NAMES)
    assert schemas["NewJob"]["properties"].keys() == {*WRITABLE, *REPORTED}
    assert tuple(COLUMN_FIELDS) == WRITABLE
    for name, others in (("JobChange", set()), ("Change", {"id", "updated_at"})):
        branches = [schemas[each["$ref"].rpartition("/")[2]] for each in schemas[name]["anyOf"]]
        required = [set(branch["required"]) - others for branch in branches]
        assert required == [{column} for column in ("status_type", *WRITABLE)]
        for column, branch in zip(("status_type", *WRITABLE), branches, strict=True):
            reported = REPORTED if column == "status_type" else ()
            assert branch["properties"].keys() == {"status_type", *WRITABLE, *others, *reported}
    assert tuple(examples.JOB) == NAMES


def test_the_guide_shows_each_column() -> None:
    guide = (settings.BASE_DIR / "docs/api.md").read_text()
    [created] = re.findall(r'^\{"id":.*\}$', guide, re.MULTILINE)
    assert tuple(json.loads(created)) == NAMES
    assert f"\n{';'.join(NAMES)}\n" in guide


@pytest.fixture
def stored_column(transactional_db: None) -> Iterator[None]:
    tables = ("job", "job_event")
    for table in tables:
        database_rows(f"ALTER TABLE {table} ADD COLUMN {made_up_column.DEFINITION}")
    yield
    for table in tables:
        database_rows(f"ALTER TABLE {table} DROP COLUMN {made_up_column.NAME}")


def printed(part: str) -> Any:
    """What the program in made_up_column prints."""
    command = [sys.executable, "-m", made_up_column.__name__, part]
    env = {**os.environ, "DATABASE_URL": database_url()}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_statement_includes_a_new_column(stored_column: None) -> None:
    for outlet, found in printed("outlets").items():
        jobs = found if isinstance(found, list) else [found]
        # As a formula it is guarded in CSV.
        expected = f"'{made_up_column.VALUE}" if outlet == "csv" else made_up_column.VALUE
        assert jobs, outlet
        assert {job.get(made_up_column.NAME) for job in jobs} == {expected}, outlet


@pytest.mark.django_db(transaction=True)
def test_a_new_column_without_a_field_is_refused_and_never_dropped() -> None:
    refusals = printed("refusals")
    assert len(refusals) == 3
    for request, codes in refusals.items():
        assert codes == ["unknown_field"], request
