"""Exports: contents, order and encoding, and what happens when they are aborted."""

import csv
import io
import json
import re
import socket
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from jobs.filters import JobFilter
from jobs.models import Job
from jobs.rows import NAMES
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, database_rows, fill, make_job
from jobs.tests.problems import problem_of
from jobs.tests.transfer.endless import ENDLESS, closed_during_copy
from jobs.tests.transfer.files import export
from jobs.tests.transfer.odd_names import FORMULAS, HARMLESS, ODD_NAMES
from jobs.transfer.csv_guards import unguard
from jobs.transfer.export import BUFFER, GRACE_SECONDS, Export
from jobs.transfer.formats import FORMATS, Format

pytestmark = pytest.mark.django_db


def lines(api: Api, query: str = "") -> list[Any]:
    return [json.loads(line) for line in export(api, query).splitlines()]


def rows(api: Api, query: str = "") -> list[dict[str, str]]:
    text = export(api, f"format=csv&{query}").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_line_equals_the_job_in_the_list(api: Api) -> None:
    for name in ODD_NAMES + FORMULAS:
        make_job(name, RUNNING)
    assert lines(api) == api.get("/api/jobs/?page_size=200")["results"]
    assert export(api).endswith(b'"labels":{}}\n')


@pytest.mark.parametrize("name", ["\x1b[0m", "a\vb", 'say "so"'])
def test_a_single_name_that_needs_escaping_is_escaped(api: Api, name: str) -> None:
    make_job(name)
    assert lines(api) == api.get("/api/jobs/")["results"]


@pytest.mark.parametrize("part", ["", ".5", ".000001", ".120000", ".999999"])
def test_timestamps_have_all_digits(api: Api, part: str) -> None:
    make_job("Wing")
    database_rows(f"UPDATE job SET created_at = '2026-01-31T00:00:00{part}Z'")
    assert lines(api) == api.get("/api/jobs/")["results"]


def test_a_csv_row_equals_the_job_in_the_list(api: Api) -> None:
    for name in ODD_NAMES + HARMLESS:
        make_job(name, RUNNING)
    listed = api.get("/api/jobs/?page_size=200")["results"]
    assert rows(api) == [
        {field: "" if value is None else str(value) for field, value in job.items()}
        for job in listed
    ]


def test_no_csv_cell_begins_a_formula(api: Api) -> None:
    for name in FORMULAS:
        make_job(name)
    names = [row["name"] for row in rows(api, "ordering=created_at")]
    assert {name[0] for name in names} == {"'"}
    # a sign after a tab or a line break has a guard of its own
    assert [re.sub(r"(?<=\s)'", "", name[1:]) for name in names] == FORMULAS
    assert [unguard(name, ",") for name in names] == FORMULAS
    assert [unguard(name, ",") for name in HARMLESS] == HARMLESS


@pytest.mark.parametrize(
    "query",
    ["", "status=FAILED", "status=FAILED&status=RUNNING", "q=wing", "search=win&ordering=name", "ordering=-name",
     "ordering=updated_at", "ordering=-updated_at&status=RUNNING", "q=-status:failed+tail", "q=created:%3E1h",
     "q=status:failed&status=RUNNING", "q=updated:%3C1h+%25_", "ordering=name&status=PENDING&status=FAILED"],
)  # fmt: skip
def test_an_export_has_the_jobs_of_the_list_in_its_order(api: Api, query: str) -> None:
    for number in range(30):
        make_job(
            f"{'Wing' if number % 3 else 'tail %_'} {number % 7}",
            [RUNNING, FAILED, COMPLETED][number % 3],
        )
    listed = api.get(f"/api/jobs/?page_size=200&{query}")["results"]
    assert lines(api, query) == listed
    assert [int(row["id"]) for row in rows(api, query)] == [job["id"] for job in listed]


def test_an_empty_list_is_an_empty_file(api: Api) -> None:
    assert export(api) == b""
    assert export(api, "format=csv").decode() == f"{','.join(NAMES)}\n"


def test_many_jobs_are_sent_in_several_buffers(api: Api) -> None:
    fill(3_000)
    parts = list(Export(JobFilter(), FORMATS["ndjson"], 60))
    assert len(parts) > 2
    assert all(part.startswith(b"{") and part.endswith(b"}\n") for part in parts)
    assert all(len(part) < 2 * BUFFER for part in parts)
    assert len(b"".join(parts).splitlines()) == 3_000


def test_an_export_is_sent_as_an_attachment(api: Api) -> None:
    response = api.call("GET", "/api/jobs/export/?format=csv", HTTP_ACCEPT="text/csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response["Content-Disposition"].startswith('attachment; filename="jobs-2')
    assert response["Content-Disposition"].endswith('Z.csv"')
    assert b"".join(response.streaming_content).startswith(b"id,name,")
    response = api.call("HEAD", "/api/jobs/export/")
    assert response["Content-Type"] == "application/x-ndjson; charset=utf-8"
    assert b"".join(response.streaming_content) == b""


@pytest.mark.parametrize(
    "query", ["format=xml", "format=", "page_size=50", "cursor=x", "status=PAUSED", "stauts=FAILED", "q=id:x"]
)  # fmt: skip
def test_an_invalid_query_is_rejected(api: Api, query: str) -> None:
    problem = problem_of(api.call("GET", f"/api/jobs/export/?{query}"), 400)
    assert problem["code"] == "invalid_query"
    assert problem["errors"]


def test_every_invalid_parameter_is_reported(api: Api) -> None:
    problem = problem_of(api.call("GET", "/api/jobs/export/?format=xml&ordering=size"), 400)
    assert [error["field"] for error in problem["errors"]] == ["format", "ordering"]


@pytest.mark.django_db(transaction=True)
def test_the_connection_is_reusable_after_an_aborted_export(api: Api) -> None:
    fill(50_000)
    for _ in range(3):
        response = api.call("GET", "/api/jobs/export/")
        assert next(iter(response.streaming_content))
        response.close()
        assert Job.objects.count() == 50_000


@pytest.mark.django_db(transaction=True)
def test_an_aborted_export_restores_its_connection() -> None:
    fill(50_000)
    before = database_rows("SELECT pg_backend_pid()")
    for form in FORMATS.values():
        unfinished = Export(JobFilter(), form, 60)
        assert next(iter(unfinished))
        unfinished.close()
        assert connection.in_atomic_block is False
        assert database_rows("SELECT pg_backend_pid()") == before
    assert database_rows("SHOW statement_timeout") == [("0",)]


def test_an_export_past_its_deadline_ends_with_an_error(api: Api, settings: Settings) -> None:
    fill(20_000)
    unfinished = Export(JobFilter(), FORMATS["ndjson"], 60)
    parts = iter(unfinished)
    next(parts)
    unfinished._deadline = monotonic() - 1
    with pytest.raises(TimeoutError):
        list(parts)
    assert Job.objects.count() == 20_000
    settings.EXPORT_SECONDS = -1
    problem = problem_of(api.call("GET", "/api/jobs/export/"), 503)
    assert problem["code"] == "export_budget"
    assert Job.objects.count() == 20_000


@pytest.mark.django_db(transaction=True)
def test_the_statement_timeout_does_not_end_an_export(api: Api) -> None:
    fill(1)
    limit = "current_setting('statement_timeout')"
    limited = Format("text/csv", limit, "FORMAT csv", lambda rows: rows)
    try:
        database_rows("SET statement_timeout = 500")
        assert b"".join(Export(JobFilter(), limited, 60)) == b"%ds\n" % (60 + GRACE_SECONDS)
        assert database_rows("SHOW statement_timeout") == [("500ms",)]
    finally:
        database_rows("RESET statement_timeout")


def test_an_export_is_one_snapshot(at_once: Run) -> None:
    ids = fill(30_000)
    parts = iter(Export(JobFilter(ordering="created_at"), FORMATS["ndjson"], 60))
    body = next(parts)
    at_once(
        lambda: Job.objects.record_status(ids[-1], FAILED),
        lambda: Job.objects.remove(ids[-2]),
        lambda: Job.objects.create_pending("Late"),
    )
    found = [json.loads(line) for line in (body + b"".join(parts)).splitlines()]
    assert [job["id"] for job in found] == ids
    assert found[-1]["current_status"] == "PENDING"
    assert connection.in_atomic_block is False


def test_a_client_that_disconnects_before_the_first_row_is_detected() -> None:
    fill(2)
    here, there = socket.socketpair()
    with here, closed_during_copy(there), pytest.raises(BrokenPipeError):
        Export(JobFilter(), ENDLESS, 60, here.fileno())
    assert Job.objects.count() == 2
