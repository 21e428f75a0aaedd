"""Names are found and sorted whatever their case and encoding, and given back as they were written."""

import unicodedata
from collections.abc import Iterator
from importlib import import_module
from itertools import chain, product
from typing import Any, Final
from unicodedata import normalize
from urllib.parse import urlencode

import pytest
from django.db import connection

from jobs.grammar import parse
from jobs.models import Job
from jobs.names import name_key
from jobs.tests.conftest import Api
from jobs.tests.factories import database_rows, make_job

pytestmark = pytest.mark.django_db

ALIKE: Final = [
    ("Café", normalize("NFD", "CAFÉ")),
    ("ΟΔΟΣ", "οδος"),
    ("οδοσ", "ΟΔΟΣ"),
    ("Straße", "STRASSE"),
    ("STRASSE", "straße"),
    ("STRAẞE", "strasse"),
    ("ﬁnite", "FINITE"),
    ("Ångström", "\u212bNGSTRÖM"),
    ("Ệ test", normalize("NFD", "ệ TEST")),
    ("Ärger", "ärger"),
    ("ПРИВЕТ", "привет"),
    ("한국어", normalize("NFD", "한국어")),
    ("Turbine 7", "tURBINE 7"),
]


@pytest.mark.parametrize(("name", "asked"), ALIKE)
def test_a_name_is_found_however_it_is_written(api: Api, name: str, asked: str) -> None:
    job: Any = make_job(name)
    make_job("Other")
    for question in (f"search={asked}", f'q="{asked}"', f"search={asked}&ordering=name"):
        [found] = api.get(f"/api/jobs/?{question}")["results"]
        assert (found["id"], found["name"]) == (job.pk, name)


def test_names_are_sorted_by_what_they_say(api: Api) -> None:
    names = ["straßen", "STRASSE", "Strasse", "strand", normalize("NFD", "CAFÉ B"), "café a", "Zoo"]
    for name in names:
        make_job(name)
    listed = [job["name"] for job in api.get("/api/jobs/?ordering=name")["results"]]
    assert [name_key(name) for name in listed] == sorted(map(name_key, names))
    walked: list[str] = []
    page = api.get("/api/jobs/?ordering=name&page_size=1")
    while True:
        walked += [job["name"] for job in page["results"]]
        if page["next"] is None:
            break
        page = api.get(page["next"])
    assert walked == listed


EVERY_CHARACTER: Final = (
    "SELECT chr(n) AS x FROM generate_series(1, 1114111) AS n WHERE n NOT BETWEEN 55296 AND 57343"
)


def test_the_key_of_a_key_is_itself_for_every_character() -> None:
    assert (
        database_rows(
            f"SELECT x FROM ({EVERY_CHARACTER}) AS c WHERE job_name_key(job_name_key(x)) <> job_name_key(x)"
        )
        == []
    )
    assert (
        database_rows(
            f"SELECT x FROM ({EVERY_CHARACTER}) AS c WHERE job_name_key(normalize(x, NFD)) <> job_name_key(x)"
        )
        == []
    )


def test_a_letter_has_the_same_key_in_upper_and_in_lower_case() -> None:
    """In the full mappings of Unicode and in the simple ones, which make i of İ."""
    is_18 = connection.pg_version >= 180_000  # type: ignore[attr-defined]
    collations = ("pg_c_utf8", "pg_unicode_fast") if is_18 else ("pg_c_utf8",)
    for case, collation in product(("upper", "lower"), collations):
        different = database_rows(
            f"SELECT x FROM ({EVERY_CHARACTER}) AS c"
            f" WHERE job_name_key({case}(x COLLATE {collation})) <> job_name_key(x)"
        )
        assert different == []


FORMS_OF_I: Final = [
    "ısparta",
    "isparta",
    "Isparta",
    "İsparta",
    "i\u0307sparta",
    "ISPARTA",
    "İSPARTA",
]


@pytest.mark.parametrize("asked", FORMS_OF_I)
def test_each_form_of_i_finds_the_same_names(api: Api, asked: str) -> None:
    for name in FORMS_OF_I:
        make_job(f"Rüzgâr {name} 1")
    make_job("Rüzgâr Asparta 1")
    for question in (
        {"search": asked},
        {"q": asked},
        {"q": f'"{asked} 1"', "ordering": "name"},
        {"q": f"{asked} RÜZGÂR created:<1d", "ordering": "-name"},
    ):
        page = api.get(f"/api/jobs/?{urlencode(question)}")
        assert page["count"] == len(page["results"]) == len(FORMS_OF_I), question
        export = api.call("GET", f"/api/jobs/export/?{urlencode(question)}&format=ndjson")
        assert len(export.getvalue().splitlines()) == len(FORMS_OF_I)


def keys_in(function: str, argument: str) -> dict[str, str]:
    """By each character, what the function makes of the argument `x`, where it is not `x` itself."""
    rows = database_rows(
        f"SELECT x, key FROM (SELECT x, {function}({argument}) AS key FROM ({EVERY_CHARACTER}) AS c) AS k"
        " WHERE key <> x"
    )
    return dict(rows)


def assigned() -> Iterator[str]:
    """What both versions of Unicode know: Python's is the older one."""
    for character in map(chr, chain(range(1, 0xD800), range(0xE000, 0x11_0000))):
        if unicodedata.category(character) != "Cn":
            yield character


@pytest.mark.parametrize(
    ("argument", "text"), [("x", "{}"), ("'I' || x || U&'\\0307\\0307z'", "I{}\u0307\u0307z")]
)
def test_python_and_the_database_make_the_same_key_of_every_character(
    argument: str, text: str
) -> None:
    if connection.pg_version < 180_000:  # type: ignore[attr-defined]
        pytest.skip("Before version 18 PostgreSQL folds fewer letters, as the test below says.")
    keys = keys_in("job_name_key", argument)
    differ = [x for x in assigned() if keys.get(x, x) != name_key(text.format(x))]
    assert differ == []


def test_before_version_18_only_letters_that_fold_into_several_have_keys_of_their_own() -> None:
    """The function that is made there, made here as well: the collations that it uses are older."""
    migration = import_module("jobs.migrations.0011_folded_name_key")
    older = migration.KEY.format(folded=migration.FOLDED_BEFORE_18)
    database_rows(older.replace("job_name_key", "older_name_key"))
    keys = keys_in("older_name_key", "x")
    assert {keys.get(x, x) for x in "IİıiŞşΣσςÉéKk"} == {*"işσék"}
    assert (keys["ß"], keys["Å"]) == ("ss", "å")
    differ = [x for x in assigned() if keys.get(x, x) != name_key(x)]
    # The letters of Cherokee are lowered there, and raised by folding: the same ones are alike.
    letters = [x for x in differ if not unicodedata.name(x).startswith("CHEROKEE")]
    assert {len(x.casefold()) for x in letters} == {2, 3}
    assert len(letters) < 120


def test_no_letter_becomes_a_sign_that_a_pattern_reads() -> None:
    signs = [x for x, key in keys_in("job_name_key", "x").items() if {*r"\%_"} & {*key}]
    assert signs == []


def test_the_planner_puts_the_body_in_the_place_of_the_call() -> None:
    """A call of its own takes six times as long, for each name that is written and each that is asked for."""
    plan = "\n".join(
        x for (x,) in database_rows("EXPLAIN VERBOSE SELECT job_name_key(name) FROM job")
    )
    assert "octet_length" in plan
    assert "job_name_key" not in plan


def test_an_unknown_name_has_no_key() -> None:
    assert database_rows("SELECT job_name_key(NULL)") == [(None,)]


def test_the_column_holds_the_key() -> None:
    for name, _ in ALIKE:
        make_job(name)
    assert not database_rows("SELECT id FROM job WHERE name_key <> job_name_key(name)")
    assert Job.objects.count() == len(ALIKE)


TURBINE: Final = ["Τουρμπίνα", normalize("NFD", "ΤΟΥΡΜΠΊΝΑ")]


def test_one_name_that_is_asked_for_twice_is_one_part() -> None:
    assert parse(" ".join(TURBINE)).names == (TURBINE[0],)
    assert parse("ışık IŞIK").names == ("ışık",)
    assert parse("ışık işik Işığ").names == ("ışık", "Işığ")


def test_a_cursor_goes_on_however_the_name_is_written(api: Api) -> None:
    for _ in range(3):
        make_job("τουρμπίνα")
    after = api.get(f"/api/jobs/?q={TURBINE[0]}&page_size=2")["next"].partition("cursor=")[2]
    page = api.get(f"/api/jobs/?q={TURBINE[1]}&page_size=2&cursor={after}")
    assert len(page["results"]) == 1
