"""What the search field offers is derived from the fields: a made-up one is offered too."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from jobs.pages.search_help import search_help
from jobs.search.completion import grammar
from jobs.search.field import Field
from jobs.search.kinds import SearchTimeField
from jobs.search.parser import parse
from jobs.search.terms import FIELDS, OPERATORS, OR
from jobs.statuses import StatusType

DATE = "2026-11-20"


def described() -> dict[str, dict[str, Any]]:
    """The fields of the grammar, by name."""
    return {field["name"]: field for field in grammar()["fields"]}


@pytest.fixture
def finished(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A field that does not exist."""
    field = SearchTimeField(
        name="finished",
        order=9,
        help=(("finished:today", "Today"),),
        examples=("finished:<1d",),
        values=("today", "<2d"),
    )
    monkeypatch.setitem(FIELDS, "finished", field)
    search_help.cache_clear()
    yield
    search_help.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("finished")
def test_made_up_field_is_handed_to_the_page(client: Client) -> None:
    html = client.get("/").content.decode()
    [served] = re.findall(r'<script id="search-grammar"[^>]*>(.*?)</script>', html)
    fields = {field["name"]: field for field in json.loads(served)["fields"]}
    assert fields["finished"]["values"] == [
        {"value": "today", "days": [0, 1, False]},
        {"value": "<2d", "words": "in the last 2 days"},
    ]


@pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
def test_offered_values_are_valid_as_they_are_written(field: Field[Any]) -> None:
    offered = described()[field.name]
    texts = [
        *(each["value"] for each in offered.get("values", ())),
        *(each["value"].replace("#", "3") for each in offered.get("amounts", ())),
        *(each["value"].replace("#", DATE) for each in offered.get("dates", ())),
    ]
    for text in texts:
        [term] = parse(f"{field.name}:{text}").terms
        assert (term.field, str(term)) == (field, f"{field.name}:{text}")


def test_fields_say_what_they_take() -> None:
    fields = described()
    assert list(fields) == list(FIELDS)
    assert [value["status"] for value in fields["status"]["values"]] == StatusType.values
    assert [name for name, field in fields.items() if field.get("isList")] == ["status", "id"]
    assert not fields["name"].keys() & {"values", "amounts", "dates"}
    assert {"value": "<#h", "one": "in the last hour", "many": "in the last # hours"} in fields[
        "updated"
    ]["amounts"]
    assert {"value": ">=#", "words": "since #"} in fields["created"]["dates"]


def test_operators_are_those_of_the_language() -> None:
    [between, before] = [value for value, _ in OPERATORS]
    assert between in OR
    assert all(term.is_excluded for term in parse(f"{before}turbine").terms)
    assert parse(f"{before}status:failed").terms[0].is_excluded
