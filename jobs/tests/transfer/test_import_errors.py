"""Invalid imports: errors are reported by line, and nothing is imported."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from jobs.tests.conftest import Api
from jobs.tests.invalid_values import BAD_NAMES
from jobs.tests.problems import problem_of
from jobs.tests.transfer.files import CSV, imported, names, refused, send

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", BAD_NAMES, ids=lambda name: ascii(name)[:20])
def test_names_are_validated_like_those_of_a_single_job(api: Api, name: Any) -> None:
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
        (b'{"name": "a", "name": "b"}', "name", "repeated_member"),
        (b'{"name": "a", "n\\u0061me": "b"}', "name", "repeated_member"),
        (b'{"id": 1, "name": "a", "id": 2}', "id", "repeated_member"),
        (b'{"name": "a", "labels": {"b": "1", "b": "2"}}', "b", "repeated_member"),
        (b'{"name": "a", "labels": {"b": "1", "\\u0062": "2"}}', "b", "repeated_member"),
        (b'{"id": ' + b"[" * 900 + b"]" * 900 + b', "name": "\\u200b"}', "name", "blank"),
        (b'{"id": 1}', "name", "required"),
        (b'{"name": "Wing", "status_type": "RUNNING"}', "status_type", "unknown_field"),
        (b'{"nmae": "Wing"}', "nmae", "unknown_field"),
        (b'{"nmae": "Wing", "name": "x"}', "nmae", "unknown_field"),
        (b"[" * 60_000, "", "malformed_json"),
        (b'{"name": "' + b"x" * 70_000 + b'"}', "", "line_too_long"),
        (b'{"name": "' + b"x" * 700_000 + b'"}', "", "line_too_long"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_an_invalid_line_is_reported_by_its_number(
    api: Api, line: bytes, field: str, code: str
) -> None:
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
        (b" ", ""),
        (b'""', "blank"),
        (b'" "', "blank"),
        (b'"\n"', "blank"),
        (b"x" * 256, "max_length"),
        (b"a\0b", "null_characters_not_allowed"),
        (b"\xff", "invalid_utf8"),
        (b'"a"b', "malformed_csv"),
        (b"a\rb", "malformed_csv"),
        (b"x" * 70_000, "line_too_long"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_an_invalid_row_is_reported_by_its_number(api: Api, row: bytes, code: str) -> None:
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
        (b"id|name\n1|Wing", 1, "wrong_header"),
        (b"name,name\nWing,Tail", 1, "wrong_header"),
        (b"Title\nWing", 1, "wrong_header"),
        (b"name,color\nWing,red", 1, "unknown_field"),
        (b"name;color\nWing;", 1, "unknown_field"),
        (b"\xff\xfen\0a\0m\0e\0", 1, "invalid_utf8"),
        (b'"name\nWing', 1, "malformed_csv"),
        (b"x" * 70_000, 1, "line_too_long"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_an_invalid_header_ends_the_import_in_both_modes(
    api: Api, body: bytes, line: int, code: str
) -> None:
    [(number, _, found)] = refused(api, body, CSV)
    assert (number, found) == (line, code)
    problem_of(send(api, body, CSV, "?on_error=skip"), 400)


def test_an_unclosed_quote_is_reported_where_it_opens(api: Api) -> None:
    assert refused(api, 'name\nWing\n"Tail\nFin\n', CSV) == [(3, "", "malformed_csv")]
    long = "x" * 60 + "\n"
    assert refused(api, 'name\nWing\n"Tail\n' + long * 3_000, CSV)[0] == (3, "", "malformed_csv")


LONG_LINE = b"x" * 70_000


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b'"bad\xff first\nsecond part"', "invalid_utf8"),
        (b'"first\nbad \xff"', "invalid_utf8"),
        (b'"first\nbad \xff\nthird"', "invalid_utf8"),
        (b'"first\n' + LONG_LINE + b'"', "line_too_long"),
        (b'"' + LONG_LINE + b'\nlast"', "line_too_long"),
        (b'"' + LONG_LINE + b'"', "line_too_long"),
        (b'"first\n""' + LONG_LINE + b'""\nlast"', "line_too_long"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_an_invalid_multiline_row_is_skipped_as_a_whole(api: Api, row: bytes, code: str) -> None:
    body = b"name\nWing\n" + row + b"\nTail\nFin\n"
    assert refused(api, body, CSV) == [(3, "", code)]
    report = imported(api, body, CSV, "?on_error=skip")
    assert (report["created"], report["skipped"]) == (3, 1)
    assert names() == ["Wing", "Tail", "Fin"]


@pytest.mark.parametrize(
    "row",
    [b'"Tail\nFin', b'"' + b"x\n" * 70_000 + b'"'],
    ids=["never closed", "131,072 characters"],
)
def test_an_unclosed_cell_ends_the_import_in_both_modes(api: Api, row: bytes) -> None:
    body = b"name\nWing\n" + row + b"\nok\n"
    assert refused(api, body, CSV) == [(3, "", "malformed_csv")]
    problem_of(send(api, body, CSV, "?on_error=skip"), 400)
    assert names() == []


def test_the_first_errors_are_listed_and_all_are_counted(api: Api) -> None:
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
def test_an_unsupported_media_type_is_rejected(api: Api, content_type: str) -> None:
    problem = problem_of(send(api, '{"name": "x"}', content_type), 415)
    assert problem["code"] == "unsupported_media_type"
    assert names() == []


@pytest.mark.parametrize(
    "query", ["?on_error=", "?on_error=ignore", "?on_eror=skip", "?status=FAILED"]
)
def test_an_unknown_option_is_rejected(api: Api, query: str) -> None:
    assert problem_of(send(api, '{"name": "x"}', query=query), 400)["code"] == "invalid_query"
    assert names() == []


def test_size_limits_are_enforced(api: Api, settings: Settings) -> None:
    settings.IMPORT_MAX_BYTES = 1_000
    assert problem_of(send(api, b"\n" * 1_001), 413)["code"] == "body_too_large"
    settings.IMPORT_MAX_LINES = 10
    assert problem_of(send(api, b'{"name": "x"}\n' * 11), 413)["code"] == "too_many_jobs"
    assert imported(api, b'{"name": "x"}\n' * 10)["created"] == 10


def test_an_import_past_its_deadline_creates_nothing(api: Api, settings: Settings) -> None:
    settings.IMPORT_SECONDS = 0
    assert problem_of(send(api, '{"name": "x"}'), 408)["code"] == "too_slow"
    assert names() == []


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("name\rWing\rTail\r", 1, "carriage return"),
        ("name\nWing\rTail\n", 2, "carriage return"),
        ('name\n"Wing" x\n', 2, "a separator or the end of the line"),
        ('name\n"Wing\n', 2, "never closed"),
        ('name\n"' + ("x" * 60 + "\n") * 3_000, 2, "The limit is 131,072 characters"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_malformed_csv_is_explained_without_python_jargon(
    api: Api, body: str, line: int, said: str
) -> None:
    first, *_ = problem_of(send(api, body, CSV), 400)["errors"]
    assert (first["line"], first["code"]) == (line, "malformed_csv")
    assert said in first["detail"]
    assert not any(
        word in first["detail"] for word in ("universal", "newline=", "the file", "unexpected")
    )


def test_an_unknown_field_of_a_line_is_named_with_a_suggestion(api: Api) -> None:
    [error] = problem_of(send(api, '{"nam": "x"}'), 400)["errors"]
    assert (error["field"], error["code"]) == ("nam", "unknown_field")
    assert 'Unknown field "nam". Did you mean name?' in error["detail"]


def test_a_blank_name_in_a_single_column_is_not_a_blank_line(api: Api) -> None:
    [error] = problem_of(send(api, 'name\n""\n', CSV), 400)["errors"]
    assert error == {"line": 2, "field": "name", "code": "blank", "detail": "Enter a name."}
    for blank in ("name\n", "name\n\n   \n", 'name,id\n,\n"",\n', 'name,\n"",\n'):
        assert imported(api, blank, CSV)["skipped"] == 0
    report = imported(api, 'name\nWing\n""\n\nTail\n', CSV, "?on_error=skip")
    assert (report["created"], report["skipped"]) == (2, 1)
