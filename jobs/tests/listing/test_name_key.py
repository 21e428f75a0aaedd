"""Names are searched and sorted independently of case and normalization, and returned unchanged."""

import unicodedata
from collections.abc import Iterator
from importlib import import_module
from itertools import chain, product
from typing import Any, Final
from unicodedata import normalize
from urllib.parse import urlencode

import pytest
from django.db import connection

from jobs.models import Job
from jobs.names import name_key
from jobs.search.parser import parse
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


@pytest.mark.parametrize(("name", "term"), ALIKE)
def test_a_name_is_found_in_any_case_and_encoding(api: Api, name: str, term: str) -> None:
    job: Any = make_job(name)
    make_job("Other")
    for query in (f"search={term}", f'q="{term}"', f"search={term}&ordering=name"):
        [found] = api.get(f"/api/jobs/?{query}")["results"]
        assert (found["id"], found["name"]) == (job.pk, name)


def test_names_are_sorted_by_key(api: Api) -> None:
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


def test_the_key_function_is_idempotent_for_every_character() -> None:
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


def test_upper_and_lower_case_have_the_same_key() -> None:
    """With the full case mappings of Unicode and with the simple ones, which map İ to i."""
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


@pytest.mark.parametrize("term", FORMS_OF_I)
def test_each_form_of_i_finds_the_same_names(api: Api, term: str) -> None:
    for name in FORMS_OF_I:
        make_job(f"Rüzgâr {name} 1")
    make_job("Rüzgâr Asparta 1")
    for query in (
        {"search": term},
        {"q": term},
        {"q": f'"{term} 1"', "ordering": "name"},
        {"q": f"{term} RÜZGÂR created:<1d", "ordering": "-name"},
    ):
        page = api.get(f"/api/jobs/?{urlencode(query)}")
        assert page["count"] == len(page["results"]) == len(FORMS_OF_I), query
        export = api.call("GET", f"/api/jobs/export/?{urlencode(query)}&format=ndjson")
        assert len(export.getvalue().splitlines()) == len(FORMS_OF_I)


def keys_in(function: str, argument: str) -> dict[str, str]:
    """The function's result for the argument of each character `x`, unless it is `x` itself."""
    rows = database_rows(
        f"SELECT x, key FROM (SELECT x, {function}({argument}) AS key FROM ({EVERY_CHARACTER}) AS c) AS k"
        " WHERE key <> x"
    )
    return dict(rows)


def assigned() -> Iterator[str]:
    """The characters that both versions of Unicode define: Python's is the older one."""
    for character in map(chr, chain(range(1, 0xD800), range(0xE000, 0x11_0000))):
        if unicodedata.category(character) != "Cn":
            yield character


@pytest.mark.parametrize(
    ("argument", "text"), [("x", "{}"), ("'I' || x || U&'\\0307\\0307z'", "I{}\u0307\u0307z")]
)
def test_python_and_the_database_agree_on_the_key_of_every_character(
    argument: str, text: str
) -> None:
    if connection.pg_version < 180_000:  # type: ignore[attr-defined]
        pytest.skip("Before version 18 PostgreSQL folds fewer letters; see the test below.")
    keys = keys_in("job_name_key", argument)
    differ = [x for x in assigned() if keys.get(x, x) != name_key(text.format(x))]
    assert differ == []


def test_before_version_18_only_letters_that_fold_to_several_differ() -> None:
    """Creates the function for older versions here: the collations that it uses exist in all versions."""
    migration = import_module("jobs.migrations.0011_folded_name_key")
    older = migration.KEY.format(folded=migration.FOLDED_BEFORE_18)
    database_rows(older.replace("job_name_key", "older_name_key"))
    keys = keys_in("older_name_key", "x")
    assert {keys.get(x, x) for x in "IİıiŞşΣσςÉéKk"} == {*"işσék"}
    assert (keys["ß"], keys["Å"]) == ("ss", "å")
    differ = [x for x in assigned() if keys.get(x, x) != name_key(x)]
    # Cherokee letters are lowercased there, but case folding uppercases them: the same ones are equal.
    letters = [x for x in differ if not unicodedata.name(x).startswith("CHEROKEE")]
    assert {len(x.casefold()) for x in letters} == {2, 3}
    assert len(letters) < 120


def test_no_key_contains_a_new_like_wildcard() -> None:
    signs = [x for x, key in keys_in("job_name_key", "x").items() if {*r"\%_"} & {*key}]
    assert signs == []


def test_the_planner_inlines_the_key_function() -> None:
    """A function call that is not inlined takes six times as long, for each name that is written or searched."""
    plan = "\n".join(
        x for (x,) in database_rows("EXPLAIN VERBOSE SELECT job_name_key(name) FROM job")
    )
    assert "octet_length" in plan
    assert "job_name_key" not in plan


def test_the_key_of_null_is_null() -> None:
    assert database_rows("SELECT job_name_key(NULL)") == [(None,)]


def test_the_column_holds_the_key() -> None:
    for name, _ in ALIKE:
        make_job(name)
    assert not database_rows("SELECT id FROM job WHERE name_key <> job_name_key(name)")
    assert Job.objects.count() == len(ALIKE)


TURBINE: Final = ["Τουρμπίνα", normalize("NFD", "ΤΟΥΡΜΠΊΝΑ")]


def test_a_repeated_name_is_one_term() -> None:
    assert parse(" ".join(TURBINE)).names == (TURBINE[0],)
    assert parse("ışık IŞIK").names == ("ışık",)
    assert parse("ışık işik Işığ").names == ("ışık", "Işığ")


def test_a_cursor_is_valid_for_any_spelling_of_the_search(api: Api) -> None:
    for _ in range(3):
        make_job("τουρμπίνα")
    after = api.get(f"/api/jobs/?q={TURBINE[0]}&page_size=2")["next"].partition("cursor=")[2]
    page = api.get(f"/api/jobs/?q={TURBINE[1]}&page_size=2&cursor={after}")
    assert len(page["results"]) == 1
