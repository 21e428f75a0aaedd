"""Many new jobs from one body: what becomes of each line, and that a wrong body leaves nothing behind."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from jobs.api.imports import ImportView
from jobs.models import Job
from jobs.tests.conftest import Api
from jobs.tests.factories import RUNNING, database_rows, history_of, make_job
from jobs.tests.problems import problem_of, stored
from jobs.tests.test_bad_input import BAD_NAMES
from jobs.tests.test_concurrency import assert_consistent
from jobs.tests.test_export import FORMULAS, HARMLESS, ODD_NAMES, export

pytestmark = pytest.mark.django_db

NDJSON, CSV = "application/x-ndjson", "text/csv"


def send(api: Api, body: bytes | str, content_type: str = NDJSON, query: str = "") -> Any:
    data = body.encode() if isinstance(body, str) else body
    path = f"/api/jobs/import/{query}"  # named twice: the test client names no type of nothing
    return api.call("POST", path, data, content_type=content_type, CONTENT_TYPE=content_type)


def imported(
    api: Api, body: bytes | str, content_type: str = NDJSON, query: str = ""
) -> dict[str, Any]:
    """The report of an import that must succeed."""
    response = send(api, body, content_type, query)
    assert response.status_code == 201, response.content
    report: dict[str, Any] = json.loads(response.content)
    return report


def refused(api: Api, body: bytes | str, content_type: str = NDJSON) -> list[tuple[int, str, str]]:
    """Line, field and code of what is wrong, where nothing is imported."""
    before = stored()
    problem = problem_of(send(api, body, content_type), 400)
    assert stored() == before
    assert problem["code"] == "invalid_lines"
    assert problem["error_count"] == len(problem["errors"])
    assert "Nothing was imported." in problem["detail"]
    return [(error["line"], error["field"], error["code"]) for error in problem["errors"]]


def names() -> list[str]:
    return list(Job.objects.order_by("id").values_list("name", flat=True))


def test_each_line_becomes_a_pending_job_with_its_history(api: Api) -> None:
    report = imported(api, '{"name": "Wing"}\n{"name": "  Tail "}\n{"name": "Wing"}')
    assert report == {"created": 3, "skipped": 0, "errors": [], "ignored_fields": []}
    assert names() == ["Wing", "Tail", "Wing"]
    for job in Job.objects.all():
        assert history_of(job) == ["PENDING"]
        assert job.created_at == job.updated_at == job.statuses.get().timestamp
    assert api.get("/api/jobs/counts/")["by_status"]["PENDING"] == 3
    assert_consistent()


@pytest.mark.parametrize("form", [NDJSON, CSV])
def test_many_take_more_than_one_step(api: Api, form: str) -> None:
    lines = [f"Sweep {number}" for number in range(25_000)]
    if form == CSV:
        imported(api, "\n".join(["name", *lines]), CSV)
    else:
        imported(api, "\n".join(json.dumps({"name": line}) for line in lines))
    assert names() == lines
    assert_consistent()


@pytest.mark.parametrize(("form", "content_type"), [("ndjson", NDJSON), ("csv", CSV)])
def test_what_was_exported_comes_back_as_new_jobs(api: Api, form: str, content_type: str) -> None:
    for name in [*FORMULAS, *HARMLESS, *ODD_NAMES]:
        make_job(name.strip(), RUNNING)
    before = names()
    report = imported(api, export(api, f"format={form}&ordering=created_at"), content_type)
    assert report["ignored_fields"] == ["created_at", "current_status", "id", "updated_at"]
    assert names() == before * 2
    assert Job.objects.filter(current_status="PENDING").count() == len(before)


@pytest.mark.parametrize(
    "body",
    [b'\xef\xbb\xbf{"name": "Wing"}\r\n\r\n   \n{"name": "T\xc3\xa4il"}\r\n', b'\n\n{"name":"Wing"}\n{"name":"T\\u00e4il"}'],
)  # fmt: skip
def test_ndjson_may_have_blank_lines_and_any_line_end(api: Api, body: bytes) -> None:
    imported(api, body)
    assert names() == ["Wing", "Täil"]


@pytest.mark.parametrize(
    "body",
    [b"\xef\xbb\xbfname\r\nWing\r\n\r\nT\xc3\xa4il\r\n", b'name,id\n"Wing",7\n\n"T\xc3\xa4il",', b"\n\nid,name\n,Wing\nx,T\xc3\xa4il"],
)  # fmt: skip
def test_csv_may_have_blank_lines_any_line_end_and_any_order(api: Api, body: bytes) -> None:
    imported(api, body, CSV)
    assert names() == ["Wing", "Täil"]


def test_a_name_of_csv_may_span_lines(api: Api) -> None:
    imported(api, 'name\n"two\nlines, ""quoted"""\nWing', CSV)
    assert names() == ['two\nlines, "quoted"', "Wing"]
    assert refused(api, 'name\n"a\nb"\n\n"c\nd",2\n,\n', CSV) == [
        (5, "", "wrong_columns"),
        (7, "", "wrong_columns"),
    ]


def test_nothing_is_an_import_of_nothing(api: Api) -> None:
    assert imported(api, b"")["created"] == 0
    assert imported(api, "id,name\n", "text/csv; charset=UTF-8; header=present")["created"] == 0


@pytest.mark.parametrize("name", BAD_NAMES, ids=lambda name: ascii(name)[:20])
def test_names_are_held_to_the_rules_of_a_single_job(api: Api, name: Any) -> None:
    single = problem_of(api.post("/api/jobs/", {"name": name}), 400)
    line = json.dumps({"name": name})
    [(number, field, code)] = refused(api, f'{{"name": "Wing"}}\n{line}\n{{"name": "Tail"}}')
    assert number == 2
    if field:
        assert (field, code) == ("name", single["errors"][0]["code"])
    else:
        assert code in ("malformed_json", "line_too_long")


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        (b"", "", ""),
        (b"{", "", "malformed_json"),
        (b'{"name": "a"}{"name": "b"}', "", "malformed_json"),
        (b'{"name": NaN}', "", "malformed_json"),
        (b'{"name": "\xff"}', "", "invalid_utf8"),
        ('{"name": "x"}'.encode("utf-16"), "", "invalid_utf8"),
        (b'{"name": "a\0"}', "", "malformed_json"),
        (b'{"name": "\\ud800"}', "", "malformed_json"),
        (b'["Wing"]', "", "no_object"),
        (b'"Wing"', "", "no_object"),
        (b"null", "", "no_object"),
        (b"{}", "name", "required"),
        (b'{"id": 1}', "name", "required"),
        (b'{"name": "Wing", "status_type": "RUNNING"}', "status_type", "unknown_field"),
        (b'{"nmae": "Wing"}', "name", "required"),
        (b'{"nmae": "Wing", "name": "x"}', "nmae", "unknown_field"),
        (b"[" * 60_000, "", "malformed_json"),
        (b'{"name": "' + b"x" * 70_000 + b'"}', "", "line_too_long"),
        (b'{"name": "' + b"x" * 700_000 + b'"}', "", "line_too_long"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_wrong_line_is_told_by_its_number(api: Api, line: bytes, field: str, code: str) -> None:
    body = b'{"name": "Wing"}\n' + line + b'\n{"name": "Tail"}\n' + line
    assert refused(api, body + b"{") == [
        *([(2, field, code)] if code else []),
        (4, "", code if code in ("invalid_utf8", "line_too_long") else "malformed_json"),
    ]
    report = imported(api, body.removesuffix(line), query="?on_error=skip")
    assert (report["created"], report["skipped"]) == (2, 1 if code else 0)
    assert names() == ["Wing", "Tail"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"", ""),
        (b"a,b", "wrong_columns"),
        (b"'=1,x", "wrong_columns"),
        (b'" "', "blank"),
        (b"x" * 256, "max_length"),
        (b"a\0b", "null_characters_not_allowed"),
        (b"\xff", "invalid_utf8"),
        (b'"a"b', "malformed_csv"),
        (b"a\rb", "malformed_csv"),
        (b"x" * 70_000, "line_too_long"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_wrong_row_is_told_by_its_number(api: Api, row: bytes, code: str) -> None:
    body = b"name\nWing\n" + row + b"\nTail\n"
    if code:
        [(line, _, found)] = refused(api, body, CSV)
        assert (line, found) == (3, code)
    report = imported(api, body, CSV, "?on_error=skip")
    assert (report["created"], report["skipped"]) == (2, 1 if code else 0)
    assert names() == ["Wing", "Tail"]


@pytest.mark.parametrize(
    ("body", "line", "code"),
    [
        (b"", 1, "wrong_header"),
        (b"\n\nWing\nTail", 3, "wrong_header"),
        (b"id;name\n1;Wing", 1, "wrong_header"),
        (b"name,name\nWing,Tail", 1, "wrong_header"),
        (b"Name\nWing", 1, "wrong_header"),
        (b"name,colour\nWing,red", 1, "unknown_field"),
        (b"name,\nWing,", 1, "unknown_field"),
        (b"\xff\xfen\0a\0m\0e\0", 1, "invalid_utf8"),
        (b'"name\nWing', 1, "malformed_csv"),
        (b"x" * 70_000, 1, "line_too_long"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_wrong_head_ends_it_in_either_way(api: Api, body: bytes, line: int, code: str) -> None:
    [(number, _, found)] = refused(api, body, CSV)
    assert (number, found) == (line, code)
    problem_of(send(api, body, CSV, "?on_error=skip"), 400)


def test_a_quote_that_never_closes_is_told_where_it_opened(api: Api) -> None:
    assert refused(api, 'name\nWing\n"Tail\nFin\n', CSV) == [(3, "", "malformed_csv")]
    long = "x" * 60 + "\n"
    assert refused(api, 'name\nWing\n"Tail\n' + long * 3_000, CSV)[0] == (3, "", "malformed_csv")


def test_of_many_mistakes_the_first_are_told_and_all_are_counted(api: Api) -> None:
    body = '{"name": ""}\n' * 12_000 + '{"name": "Wing"}\n'
    problem = problem_of(send(api, body), 400)
    assert problem["error_count"] == 12_000
    assert [error["line"] for error in problem["errors"]] == list(range(1, 101))
    report = imported(api, body, query="?on_error=skip")
    assert (report["created"], report["skipped"], len(report["errors"])) == (1, 12_000, 100)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "", "application/x-www-form-urlencoded", "text/csv; charset=latin-1",
     "multipart/form-data; boundary=x", "text/csvx", "\xff/\xfe", "application/x-ndjson; charset=utf-16"],
)  # fmt: skip
def test_another_kind_of_body_is_refused(api: Api, content_type: str) -> None:
    problem = problem_of(send(api, '{"name": "x"}', content_type), 415)
    assert problem["code"] == "unsupported_media_type"
    assert names() == []


@pytest.mark.parametrize(
    "query", ["?on_error=", "?on_error=ignore", "?on_eror=skip", "?status=FAILED"]
)
def test_an_unknown_wish_is_refused(api: Api, query: str) -> None:
    assert problem_of(send(api, '{"name": "x"}', query=query), 400)["code"] == "invalid_query"
    assert names() == []


def test_what_is_too_much_is_refused(api: Api, settings: Settings) -> None:
    settings.IMPORT_MAX_BYTES = 1_000
    assert problem_of(send(api, b"\n" * 1_001), 413)["code"] == "body_too_large"
    settings.IMPORT_MAX_LINES = 10
    assert problem_of(send(api, b'{"name": "x"}\n' * 11), 413)["code"] == "too_many_jobs"
    assert imported(api, b'{"name": "x"}\n' * 10)["created"] == 10


def test_what_takes_too_long_leaves_nothing(api: Api, settings: Settings) -> None:
    settings.IMPORT_SECONDS = 0
    assert problem_of(send(api, '{"name": "x"}'), 408)["code"] == "too_slow"
    assert names() == []


def in_parts(parts: Iterator[bytes], **meta: Any) -> Any:
    """The answer to a body that comes as these parts, from a server that finds its end."""

    class Input:
        def read(self, size: int) -> bytes:
            return next(parts, b"")

    request = RequestFactory().post("/api/jobs/import/", b"", NDJSON)
    assert "CONTENT_LENGTH" not in request.META
    request.META |= {
        "CONTENT_TYPE": NDJSON,
        "wsgi.input": Input(),
        "HTTP_TRANSFER_ENCODING": "chunked",
    } | meta
    return ImportView.as_view()(request)


def test_a_body_in_chunks_is_taken_where_the_server_finds_its_end() -> None:
    parts = [b'{"na', b'me": "Wing"}', b"\n{", b'"name": "Tail"}']
    refusal = in_parts(iter(parts))
    assert problem_of(refusal, 411)["code"] == "length_required"
    answer = in_parts(iter(parts), **{"wsgi.input_terminated": True})
    assert answer.status_code == 201
    assert names() == ["Wing", "Tail"]


def test_a_body_that_breaks_off_leaves_nothing(api: Api) -> None:
    def broken() -> Iterator[bytes]:
        yield b'{"name": "Wing"}\n' * 10_000
        raise OSError("gone")

    answer = in_parts(broken(), **{"wsgi.input_terminated": True})
    assert problem_of(answer, 400)["code"] == "body_incomplete"
    assert names() == []
    leftover = "SELECT FROM pg_class WHERE relname = 'job_import' AND relpersistence = 't'"
    assert database_rows(leftover) == []


def test_asked_again_with_its_key_it_is_done_once(api: Api) -> None:
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
