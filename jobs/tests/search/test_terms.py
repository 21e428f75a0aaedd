"""Each field of the search language is declared once: a made-up one works everywhere."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from jobs.api.problems.field_codes import FIELD_CODES
from jobs.mistakes import InvalidQuery
from jobs.pages.search_help import search_help
from jobs.search.conditions import Condition, Criteria
from jobs.search.field import Field, InvalidValue
from jobs.search.parser import parse
from jobs.search.terms import FIELDS, PREFIX
from jobs.tests.factories import make_job
from jobs.tests.pages.html import job_names, link, page, text_of


class LengthField(Field[int]):
    """`length:>10`: names longer than this."""

    def read(self, text: str) -> int:
        if match := re.fullmatch(r">([0-9]{1,3})", text):
            return int(match[1])
        suggestions = [f">{text}"] if text.isdecimal() else []
        raise InvalidValue(
            "unknown_length", "is not a valid length.", part=text, suggestions=suggestions
        )

    def narrow(self, criteria: Criteria, value: int, now: datetime) -> Criteria:
        longer = Condition("length(name) > %s", [value], "name", is_indexed=False)
        return replace(criteria, others=(*criteria.others, longer))

    def words(self, value: int) -> str:
        return f"more than {value} characters"

    def write(self, value: int) -> str:
        return f"length:>{value}"


@pytest.fixture
def length(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    field = LengthField(
        name="length", order=6, expects="a length", help=(("length:>10", "More than `10`"),)
    )
    monkeypatch.setitem(FIELDS, "length", field)
    search_help.cache_clear()
    yield
    search_help.cache_clear()


@pytest.mark.usefixtures("length")
def test_made_up_field_is_parsed_ordered_and_corrected() -> None:
    assert (
        str(parse("length:>3 wing Length:>10 length:>3 id:1")) == "wing id:1 length:>3 length:>10"
    )
    for text, suggestion in (("length:10", "length:>10"), ("lenght:>10", "length:>10")):
        with pytest.raises(InvalidQuery) as caught:
            parse(text)
        assert caught.value.search_errors[0].suggestions[0] == suggestion


@pytest.mark.django_db
@pytest.mark.usefixtures("length")
def test_made_up_field_restricts_the_list_and_its_texts(client: Client) -> None:
    make_job("Wing sweep with a long name")
    make_job("Wing")
    for query in ("length:>10", "wing+length:>10", "wing+length:>10&ordering=name"):
        html = page(client, f"/?q={query}")
        assert job_names(html) == ["Wing sweep with a long name"], query
        assert "All 1" in text_of(html)
        assert client.get(f"/api/jobs/?q={query}").json()["count"] == 1
    assert "Jobs, length more than 10 characters" in page(client, "/?q=length:>10")
    assert "length: more than 10 characters" in text_of(page(client, "/?q=length:>10"))
    empty = page(client, "/?q=wing+length:>99")
    assert "No job matches “wing”, length more than 99 characters" in text_of(empty)
    assert link(empty, "Without length: more than 99 characters") == "/?q=wing"
    assert "<dt><code>length:&gt;10</code></dt><dd>More than <code>10</code></dd>" in search_help()


@pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
def test_examples_of_a_field_are_canonical_and_have_words(field: Field[Any]) -> None:
    examples = [*(example for example, _ in field.help), *field.examples]
    assert field.help
    for example in examples:
        query = parse(example)
        assert {term.field.name for term in query.terms} == {field.name}
        assert parse(str(query)) == query
        assert all(term.words for term in query.terms)
    codes = [code for _, meaning in field.help for code in re.findall("`([^`]+:[^`]+)`", meaning)]
    for code in codes:
        assert parse(code).terms


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in ("name", "key")])
def test_invalid_value_has_a_documented_code(name: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        parse(f"{name}:?")
    assert caught.value.errors[0].code in FIELD_CODES


def test_names_and_places_of_the_fields_are_unique() -> None:
    assert len({field.order for field in FIELDS.values()}) == len(FIELDS)
    for name in FIELDS:
        assert PREFIX.fullmatch(f"{name}:")


def test_search_help_shows_every_field() -> None:
    shown = re.findall(r"<dt><code>(\w+):", search_help())
    assert {name for name in FIELDS if name != "name"} == set(shown)


def test_api_guide_lists_every_field() -> None:
    guide = Path(settings.BASE_DIR, "docs", "api.md").read_text()
    [listed] = re.findall(r"words, and the filters ([^.]*)\.", guide)
    assert set(re.findall(r"`(\w+):`", listed)) == set(FIELDS)


def test_relative_times_are_relative_to_the_given_moment() -> None:
    criteria = parse("updated:<2h").criteria(datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert criteria.updated.start == datetime(2026, 1, 1, 10, tzinfo=UTC)
