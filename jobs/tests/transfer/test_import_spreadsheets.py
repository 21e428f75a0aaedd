"""CSV as spreadsheets and data frames write it: accepted if unambiguous, rejected with an explanation otherwise."""

from typing import Any

import pytest

from jobs.tests.conftest import Api
from jobs.tests.problems import problem_of
from jobs.tests.transfer.files import CSV, NDJSON, imported, names, refused, send

pytestmark = pytest.mark.django_db

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "body",
    [
        "name,id\nWing,1\n,\n , \n\"\",\"\"\n\t,\nTail,2\n,\n",
        "name\nWing\n\n \t\nTail\n",
        ",,\n\"\",\n\nname,id\nWing,1\nTail,2\n",
        "name,id,,\nWing,1,,\nTail,2,,\n,,,\n",
        "name,\nWing,\nTail,\n",
        "name\nWing,\nTail,,\n",
        "name,,id\nWing,,1\nTail,,2\n",
        "Name\nWing\nTail",
        " NAME ,ID\nWing,1\nTail,2",
        "id;name\n1;Wing\n2;Tail\n;\n",
        "id\tname\n1\tWing\n2\tTail\n",
        "\"id\";\"Name\"\r\n1;\"Wing\"\r\n2;Tail\r\n",
        "sep=;\r\nid;name\r\n1;Wing\r\n2;Tail\r\n",
        "\"sep=,\"\nname,id\nWing,1\nTail,2",
        "SEP=\t\nname\tid\nWing\t1\nTail\t2",
        "sep=;\nname\nWing\nTail",
        ",name\n0,Wing\n1,Tail\n",
        ";name;id\n0;Wing;1\n1;Tail;2\n",
        "Unnamed: 0,name\n0,Wing\n1,Tail\n",
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("bom", [b"", BOM], ids=["", "bom"])
def test_unambiguous_files_are_accepted(api: Api, body: str, bom: bytes) -> None:
    report = imported(api, bom + body.encode(), CSV)
    assert names() == ["Wing", "Tail"]
    assert report["ignored_fields"] == (["id"] if "id" in body.lower() else [])


@pytest.mark.parametrize(
    ("body", "line", "code", "said"),
    [
        ("id,title\n1,Wing", 1, "wrong_header", "Found: id,title"),
        ("id|name\n1|Wing", 1, "wrong_header", "Found: id|name"),
        ("Name,name\nWing,Tail", 1, "wrong_header", "Found: Name,name"),
        ("name;Colour\nWing;red", 1, "unknown_field", 'Unknown field "Colour"'),
        ("name,id\nWing,1,x", 2, "wrong_columns", "2 columns, this row has 3"),
        ("name,id\nWing\nTail,2", 2, "wrong_columns", "2 columns, this row has 1"),
        ("name,,id\nWing,x,1", 2, "wrong_columns", "Column 2 has a value here, but no name"),
        ("id,name\n7,\n", 2, "blank", ""),
        ("\n,\nsep=;\nname,id\nWing,1", 4, "wrong_header", "Found: name,id"),
    ],
    ids=repr,
)
def test_ambiguous_files_are_rejected_with_an_explanation(
    api: Api, body: str, line: int, code: str, said: str
) -> None:
    [error] = problem_of(send(api, body, CSV), 400)["errors"]
    assert (error["line"], error["code"]) == (line, code)
    assert said in error["detail"]
    assert names() == []


def test_lines_are_counted_from_the_start_of_the_file(api: Api) -> None:
    body = f'sep=;\n;\nname;id\nWing;1\n;\n"a\nb";2\n{"x" * 256};3\n'
    assert refused(api, body, CSV) == [(8, "name", "max_length")]


def test_utf_16_is_reported_as_such(api: Api) -> None:
    [error] = problem_of(send(api, "name\nWing".encode("utf-16"), CSV), 400)["errors"]
    assert error["code"] == "invalid_utf8"
    assert "UTF-16" in error["detail"]
    [error] = problem_of(send(api, b"name\nW\xffng", CSV), 400)["errors"]
    assert "UTF-16" not in error["detail"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        *((each, '{"name": "Wing"}') for each in (
            "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines",
            "Application/NDJSON; charset=UTF-8")),
        *((each, "name\nWing") for each in (
            "application/csv", "text/x-csv", "text/tab-separated-values; charset=utf-8")),
    ],
)  # fmt: skip
def test_aliases_of_the_media_types_are_accepted(api: Api, content_type: str, body: str) -> None:
    imported(api, body, content_type)
    assert names() == ["Wing"]


def test_an_alias_of_the_media_type_is_the_same_request(api: Api) -> None:
    def ask(content_type: str) -> Any:
        options = {"content_type": content_type, "HTTP_IDEMPOTENCY_KEY": "import-3"}
        return api.call("POST", "/api/jobs/import/", b'{"name": "Wing"}\n', **options)

    assert ask(NDJSON).status_code == 201
    assert ask("application/jsonl")["Idempotent-Replayed"] == "true"
    assert names() == ["Wing"]
