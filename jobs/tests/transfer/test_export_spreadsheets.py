"""CSV for spreadsheets of any locale: separators, byte order mark, and no cell that begins a formula."""

import csv
import io
import random
from typing import Any

import pytest

from jobs.rows import NAMES
from jobs.tests.conftest import Api
from jobs.tests.factories import make_job
from jobs.tests.problems import problem_of
from jobs.tests.transfer.files import CSV, export, imported, names
from jobs.tests.transfer.odd_names import FORMULAS, HARMLESS, ODD_NAMES
from jobs.transfer.csv_guards import FORMULA_SIGNS, SEPARATORS

pytestmark = pytest.mark.django_db

BOM = "\ufeff"
SIGNS = FORMULA_SIGNS.replace("\\", "")
# A formula after anything that some spreadsheet takes for the beginning of a cell
HOSTILE = [
    f"a{separator}{between}=1+1{separator}b"
    for separator in (*SEPARATORS.values(), "\n", "\r", "\r\n")
    for between in ("", "'", "''", '"', "'\"", '""', "\t", "\t'", ";", ",\t", "\n", "\n'")
]
ENDINGS = [
    'a;"',
    "a,'",
    "a;",
    "a,",
    'a"',
    'a;""',
    "a;'",
    "'a;",
    ';"b',
    "=;=",
    "a;＝1",
    "a,－1",
    "x\t@y",
]
PIECES = [*SEPARATORS.values(), "\n", "\r", "'", '"', "=", "-", "＋", "a", "7", "ü"]


def random_names(number: int) -> list[str]:
    draw = random.Random(20261129)
    return ["x" + "".join(draw.choices(PIECES, k=draw.randint(1, 12))) + "x" for _ in range(number)]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("bom", ["yes", "no"])
def test_every_separator_yields_the_same_jobs(api: Api, separator: str, bom: str) -> None:
    for name in [*ODD_NAMES, *HARMLESS]:
        make_job(name)
    text = export(api, f"format=csv&separator={separator}&bom={bom}").decode()
    assert text.startswith(BOM) == (bom == "yes")
    assert text.count(BOM) == (bom == "yes")
    stream = io.StringIO(text.removeprefix(BOM), newline="")
    listed = api.get("/api/jobs/?page_size=200")["results"]
    assert list(csv.DictReader(stream, delimiter=SEPARATORS[separator], strict=True)) == [
        {field: "" if value is None else str(value) for field, value in job.items()}
        for job in listed
    ]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("read_as", SEPARATORS)
def test_no_cell_begins_a_formula_with_any_separator(
    api: Api, separator: str, read_as: str
) -> None:
    """Python's reader splits as spreadsheets do: a quote is special only at the beginning of a cell."""
    for name in [*FORMULAS, *HOSTILE, *ENDINGS, *random_names(300)]:
        make_job(name)
    text = export(api, f"format=csv&separator={separator}").decode()
    stream = io.StringIO(text, newline="\n")
    split_elsewhere = csv.reader(
        stream.read().replace("\r", "\n").split("\n"), delimiter=SEPARATORS[read_as]
    )
    split_properly = csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATORS[separator])
    rows = split_properly if separator == read_as else split_elsewhere
    found = [cell for row in rows for cell in row if cell.lstrip("\t\r\n")[:1] in {*SIGNS}]
    assert found == []


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("bom", ["yes", "no"])
def test_every_name_survives_export_and_import(api: Api, separator: str, bom: str) -> None:
    for name in [*FORMULAS, *HARMLESS, *ODD_NAMES, *HOSTILE, *ENDINGS, *random_names(500)]:
        make_job(name.strip())
    before = names()
    file = export(api, f"format=csv&ordering=created_at&separator={separator}&bom={bom}")
    imported(api, file, CSV)
    assert names() == before * 2


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("format=csv&separator=;", "separator", "unknown_separator"),
        ("format=csv&separator=", "separator", "unknown_separator"),
        ("format=csv&bom=true", "bom", "unknown_bom"),
        ("bom=yes", "bom", "misplaced_parameter"),
        ("format=ndjson&separator=tab", "separator", "misplaced_parameter"),
    ],
)
def test_an_unknown_option_is_rejected(api: Api, query: str, field: str, code: str) -> None:
    problem: Any = problem_of(api.call("GET", f"/api/jobs/export/?{query}"), 400)
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]


def test_an_empty_export_has_its_header_after_the_byte_order_mark(api: Api) -> None:
    head = f"{';'.join(NAMES)}\n"
    assert export(api, "format=csv&separator=semicolon&bom=yes").decode() == BOM + head
