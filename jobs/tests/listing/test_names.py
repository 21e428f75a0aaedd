"""Names without a visible character are rejected by every call that takes a name."""

import json
import unicodedata
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic

from jobs.models import Job
from jobs.names import is_visible
from jobs.tests.conftest import Api
from jobs.tests.factories import database_rows, make_job
from jobs.tests.problems import problem_of

TABLE: Final[dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("invisible_names.json").read_text()
)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", TABLE["invisible"])
def test_a_name_without_a_visible_character_is_blank(api: Api, name: str) -> None:
    job = make_job("Wing")
    calls: list[tuple[str, str, Any]] = [
        ("POST", "/api/jobs/", {"name": name}),
        ("PATCH", f"/api/jobs/{job.pk}/", {"name": name}),
        ("PATCH", f"/api/jobs/{job.pk}/", {"name": name, "status_type": "RUNNING"}),
        ("PATCH", "/api/jobs/", {"jobs": [{"id": job.pk, "name": name}]}),
    ]
    for method, path, body in calls:
        [mistake] = problem_of(api.call(method, path, body), 400)["errors"]
        assert mistake["code"] == "blank"
        assert mistake["field"].endswith("name")
    lines = json.dumps({"name": name})
    refused = api.call("POST", "/api/jobs/import/", lines, content_type="application/x-ndjson")
    assert problem_of(refused, 400)["errors"][0]["code"] == "blank"
    assert [job.name for job in Job.objects.all()] == ["Wing"]


@pytest.mark.parametrize("name", TABLE["visible"])
def test_any_other_name_is_stored_unchanged(api: Api, name: str) -> None:
    assert api.post("/api/jobs/", {"name": name}).json()["name"] == name


EVERY_CHARACTER: Final = "SELECT chr(n)::varchar AS name FROM generate_series(1, 1114111) AS n WHERE n NOT BETWEEN 55296 AND 57343"


def test_the_database_rejects_the_same_characters() -> None:
    [[condition, is_validated]] = database_rows(
        "SELECT pg_get_expr(conbin, conrelid), convalidated FROM pg_constraint"
        " WHERE conrelid = 'job'::regclass AND conname = 'job_name_visible'"
    )
    refused = {
        name
        for (name,) in database_rows(
            f"SELECT name FROM ({EVERY_CHARACTER}) AS c WHERE NOT ({condition})"
        )
    }
    hidden = {
        character
        for character in map(chr, (*range(1, 0xD800), *range(0xE000, 0x11_0000)))
        if not is_visible(character)
    }
    assert refused == hidden
    assert is_validated


@pytest.mark.parametrize("kind", TABLE)
def test_the_database_rejects_the_same_names(kind: str) -> None:
    for name in TABLE[kind]:
        assert is_visible(name) == (kind == "visible")
        with nullcontext() if kind == "visible" else pytest.raises(IntegrityError), atomic():
            Job.objects.create_pending(name)


def test_letters_digits_and_marks_of_every_script_are_visible() -> None:
    invisible = [
        f"U+{ord(character):04X}"
        for character in map(chr, range(0x11_0000))
        if unicodedata.category(character)[0] in "LNPS" and not is_visible(character)
    ]
    fillers = ["U+115F", "U+1160", "U+2800", "U+3164", "U+FFA0", "U+1D159"]
    # The blanks of hieroglyphs have been letters since Unicode 15.
    assert [code for code in invisible if code not in {"U+13441", "U+13442"}] == fillers
