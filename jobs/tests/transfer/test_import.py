"""Imports: each valid line creates a job, and an invalid body creates none."""

import json
import resource
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory

from jobs.api.transfers.imports import ImportView
from jobs.models import Job
from jobs.rows import READ_ONLY
from jobs.tests.conftest import Api
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import RUNNING, history_of, make_job
from jobs.tests.problems import problem_of
from jobs.tests.transfer.files import CSV, NDJSON, export, imported, names, refused, send
from jobs.tests.transfer.odd_names import FORMULAS, HARMLESS, ODD_NAMES
from jobs.transfer.staging import IN_MEMORY

pytestmark = pytest.mark.django_db


def test_each_line_creates_a_pending_job_with_its_history(api: Api) -> None:
    report = imported(api, '{"name": "Wing"}\n{"name": "  Tail "}\n{"name": "Wing"}')
    assert report == {"created": 3, "skipped": 0, "errors": [], "ignored_fields": []}
    assert names() == ["Wing", "Tail", "Wing"]
    for job in Job.objects.all():
        assert history_of(job) == ["PENDING"]
        assert job.created_at == job.updated_at == job.statuses.get().timestamp
    assert api.get("/api/jobs/counts/")["by_status"]["PENDING"] == 3
    assert_consistent()


@pytest.mark.parametrize("form", [NDJSON, CSV])
def test_many_jobs_are_created_in_batches(api: Api, form: str) -> None:
    lines = [f"Sweep {number}" for number in range(25_000)]
    if form == CSV:
        imported(api, "\n".join(["name", *lines]), CSV)
    else:
        imported(api, "\n".join(json.dumps({"name": line}) for line in lines))
    assert names() == lines
    assert_consistent()


@pytest.mark.parametrize(("form", "content_type"), [("ndjson", NDJSON), ("csv", CSV)])
def test_an_export_can_be_imported_as_new_jobs(api: Api, form: str, content_type: str) -> None:
    for name in [*FORMULAS, *HARMLESS, *ODD_NAMES]:
        make_job(name.strip(), RUNNING)
    before = names()
    report = imported(api, export(api, f"format={form}&ordering=created_at"), content_type)
    assert report["ignored_fields"] == sorted(READ_ONLY)
    assert names() == before * 2
    assert Job.objects.filter(current_status="PENDING").count() == len(before)


@pytest.mark.parametrize(
    "body",
    [b'\xef\xbb\xbf{"name": "Wing"}\r\n\r\n   \n{"name": "T\xc3\xa4il"}\r\n', b'\n\n{"name":"Wing"}\n{"name":"T\\u00e4il"}'],
)  # fmt: skip
def test_ndjson_may_contain_blank_lines_and_any_line_break(api: Api, body: bytes) -> None:
    imported(api, body)
    assert names() == ["Wing", "Täil"]


@pytest.mark.parametrize(
    "body",
    [b"\xef\xbb\xbfname\r\nWing\r\n\r\nT\xc3\xa4il\r\n", b'name,id\n"Wing",7\n\n"T\xc3\xa4il",', b"\n\nid,name\n,Wing\nx,T\xc3\xa4il"],
)  # fmt: skip
def test_csv_may_contain_blank_lines_any_line_break_and_any_column_order(
    api: Api, body: bytes
) -> None:
    imported(api, body, CSV)
    assert names() == ["Wing", "Täil"]


def test_a_csv_name_may_span_lines(api: Api) -> None:
    imported(api, 'name\n"two\nlines, ""quoted"""\nWing', CSV)
    assert names() == ['two\nlines, "quoted"', "Wing"]
    assert refused(api, 'name\n"a\nb"\n\n"c\nd",2\n,\n=,\n,=\n', CSV) == [
        (5, "", "wrong_columns"),
        (9, "", "wrong_columns"),
    ]


def test_an_empty_body_imports_nothing(api: Api) -> None:
    assert imported(api, b"")["created"] == 0
    assert imported(api, "id,name\n", "text/csv; charset=UTF-8; header=present")["created"] == 0


def in_parts(parts: Iterator[bytes], **meta: Any) -> Any:
    """The response to a body read in these parts, without a Content-Length."""

    class Input:
        def read(self, size: int) -> bytes:
            return next(parts, b"")

    request = RequestFactory().post("/api/jobs/import/", b"", NDJSON, CONTENT_TYPE=NDJSON)
    assert "CONTENT_LENGTH" not in request.META
    request.META |= {"wsgi.input": Input(), "HTTP_TRANSFER_ENCODING": "chunked"} | meta
    return ImportView.as_view()(request)


def test_a_chunked_body_is_accepted_if_the_server_detects_its_end() -> None:
    parts = [b'{"na', b'me": "Wing"}', b"\n{", b'"name": "Tail"}']
    refusal = in_parts(iter(parts))
    assert problem_of(refusal, 411)["code"] == "length_required"
    answer = in_parts(iter(parts), **{"wsgi.input_terminated": True})
    assert answer.status_code == 201
    assert names() == ["Wing", "Tail"]


def test_an_incomplete_body_creates_nothing(api: Api) -> None:
    def broken() -> Iterator[bytes]:
        yield b'{"name": "Wing"}\n' * 10_000
        raise OSError("gone")

    answer = in_parts(broken(), **{"wsgi.input_terminated": True})
    assert problem_of(answer, 400)["code"] == "body_incomplete"
    assert names() == []


@pytest.fixture
def small_files() -> Iterator[None]:
    """Limits the size of files, with the effect of a full disk."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (IN_MEMORY + 200_000, usual[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize("lines", [4_500, 40_000])
def test_a_full_disk_creates_nothing(api: Api, small_files: None, lines: int) -> None:
    """Detected while names are staged, or when the buffer is flushed."""
    body = json.dumps({"name": "x" * 250}).encode() + b"\n"
    assert problem_of(send(api, body * lines * 2), 503)["code"] == "no_space"
    assert names() == []
    imported(api, body * 10)


def test_a_retry_with_the_same_key_imports_once(api: Api) -> None:
    def ask(body: bytes) -> Any:
        options = {"CONTENT_TYPE": NDJSON, "HTTP_IDEMPOTENCY_KEY": "import-1"}
        return api.call("POST", "/api/jobs/import/", body, content_type=NDJSON, **options)

    first, again = ask(b'{"name": "Wing"}\n'), ask(b'{"name": "Wing"}\n')
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert problem_of(ask(b'{"name": "Tail"}\n'), 422)["code"] == "idempotency_key_reused"
    assert problem_of(ask(b"{"), 400)["code"] == "invalid_lines"
    assert names() == ["Wing"]


def test_the_same_body_with_another_content_type_is_another_request(api: Api) -> None:
    def ask(content_type: str) -> Any:
        options = {"content_type": content_type, "HTTP_IDEMPOTENCY_KEY": "import-2"}
        return api.call("POST", "/api/jobs/import/?on_error=skip", b"name\n", **options)

    assert ask(CSV).status_code == 201
    assert problem_of(ask(NDJSON), 422)["code"] == "idempotency_key_reused"
    assert ask(f"{CSV}; charset=utf-8")["Idempotent-Replayed"] == "true"
