"""The fields of the search language. Everything that knows their names derives from FIELDS, or is tested against it.

A new field is one more declaration; docs/contributing.md shows how to add one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from jobs.listing.durations import duration_sql, wait_sql
from jobs.models import MAX_NAME_LENGTH
from jobs.names import name_key
from jobs.search.conditions import Criteria, name_contains_any
from jobs.search.field import Field, InvalidValue
from jobs.search.kinds import SearchIdField, SearchStatusField, SearchTimeField
from jobs.search.length_field import SearchLengthField
from jobs.search.suggestions import closest_name
from jobs.search.text_fields import (
    SearchKeyField,
    SearchLabelField,
    alternatives,
    in_quotes,
)
from jobs.statuses import StatusType

PREFIX: Final = re.compile(r"(-?)([A-Za-z]{2,12}):")
# Excludes the word or phrase after it. Before a digit or a sign it is part of a name: -40C
EXCLUDES: Final = re.compile(r'-(?=[^\W\d_]|["“])')
# Between alternatives
OR: Final = frozenset({"OR", "|", "||"})
# What the search field offers besides fields and values
OPERATORS: Final = (
    ("OR", "Matches what stands before it or after it"),
    ("-", "Excludes the word or filter after it"),
)
STATUS_WORDS: Final = [status.lower() for status in StatusType.values]


class SearchNameField(Field[str]):
    """Part of a name, with or without its field."""

    def read(self, text: str) -> str:
        if len(text) > MAX_NAME_LENGTH:
            problem = f"is too long: names have at most {MAX_NAME_LENGTH} characters."
            raise InvalidValue("too_long", problem)
        return text

    def narrow(self, criteria: Criteria, value: str, now: datetime) -> Criteria:
        return replace(criteria, names=(*criteria.names, value))

    def words(self, value: str) -> str:
        return value

    def write(self, value: str) -> str:
        return quote_name(value)

    def write_excluded(self, value: str) -> str:
        text = f"-{quote_name(value)}"
        return text if EXCLUDES.match(text) else f"-{in_quotes(value)}"

    def key(self, value: str) -> str:
        return name_key(value)


class SearchAnyNameField(Field[tuple[str, ...]]):
    """Alternative parts of a name, at least two. Written with OR between them, never with the field."""

    def read(self, text: str) -> tuple[str, ...]:
        return (NAME.read(text),)

    def narrow(self, criteria: Criteria, value: tuple[str, ...], now: datetime) -> Criteria:
        return replace(criteria, others=(*criteria.others, name_contains_any(value)))

    def words(self, value: tuple[str, ...]) -> str:
        return " or ".join(value)

    def write(self, value: tuple[str, ...]) -> str:
        return " OR ".join(map(quote_name, value))


OR_HELP: Final = (("turbine OR wing", "Name contains at least one of these"),)
NAME: Final = SearchNameField(
    name="name",
    order=1,
    expects='part of a name, as in name:"turbine blade"',
    help=(
        ('turbine "thermal analysis"', "Name contains both (case-insensitive)"),
        ("-draft", "Name does not contain it; `-` also excludes before a filter"),
        *OR_HELP,
    ),
)
ANY_NAME: Final = SearchAnyNameField(
    name="name",
    order=1,
    expects="alternative parts of a name, as in turbine OR wing",
    help=OR_HELP,
)
STATUS: Final = SearchStatusField(
    name="status",
    order=3,
    expects=f"{', '.join(STATUS_WORDS[:-1])} or {STATUS_WORDS[-1]}",
    help=(("status:failed,pending", "Any of these; `-status:completed` excludes"),),
    examples=tuple(f"status:{word}" for word in STATUS_WORDS),
    synonyms=("state",),
)
CREATED: Final = SearchTimeField(
    name="created",
    order=4,
    help=(
        ("created:today", "Today; also `yesterday`, `this-week` and `last-week`"),
        ("created:2026-11-20", "On this day; also `2026-11` or `2026-11-01..2026-11-20`"),
        (
            "created:>=2026-11-20",
            "On or after this day; also `>` `<` `<=`, and times like `2026-11-20T14:05Z`",
        ),
    ),
    examples=("created:<1d", "created:<1w"),
)
UPDATED: Final = SearchTimeField(
    name="updated",
    order=5,
    help=(
        (
            "updated:<2h",
            "In the last 2 hours; `updated:>7d`: more than 7 days ago. Units: s m h d w",
        ),
    ),
    examples=("updated:<1d", "updated:<1w"),
)
DURATION: Final = SearchLengthField(
    name="duration",
    order=6,
    help=(
        (
            "duration:>1h",
            "Ran longer, or has been running longer; also `<5m` or `10m..2h`. Units: ms s m h d w",
        ),
    ),
    examples=("duration:>1h", "duration:<5m"),
    synonyms=("ran", "took", "runtime", "elapsed", "lasted"),
    length_sql=duration_sql,
    entries=2,
    ongoing=StatusType.RUNNING,
    possible=tuple(status for status in StatusType if status is not StatusType.PENDING),
)
WAITED: Final = SearchLengthField(
    name="waited",
    order=7,
    help=(("waited:>30m", "Waited longer before it ran, or has been waiting longer"),),
    examples=("waited:>30m", "waited:<1m"),
    synonyms=("wait", "waiting", "queued"),
    length_sql=wait_sql,
    entries=3,
    ongoing=StatusType.PENDING,
    possible=tuple(StatusType),
)
ID: Final = SearchIdField(
    name="id",
    order=2,
    expects="a job ID, as in id:1234",
    help=(("id:12,34", "These IDs"),),
)
LABEL: Final = SearchLabelField(
    name="label",
    order=8,
    expects="a label, as in label:team=fluid or label:team",
    help=(
        (
            "label:team=fluid",
            'Has this label; `label:"team=fluid dynamics"` with spaces, `label:team` with any text',
        ),
    ),
    synonyms=("tag", "labels", "tags"),
)
KEY: Final = SearchKeyField(
    name="key",
    order=9,
    expects="a key, as in key:run-17 or key:run-*",
    help=(("key:run-17", "Has this key; `key:run-*` finds keys that start with it"),),
)
# The fields of alternatives that have an OR between them
ALTERNATIVES: Final[dict[Field[Any], Field[Any]]] = {
    NAME: ANY_NAME,
    LABEL: alternatives(LABEL),
    KEY: alternatives(KEY),
}
# In the order of the search help
FIELDS: Final[dict[str, Field[Any]]] = {
    field.name: field
    for field in (NAME, STATUS, CREATED, UPDATED, DURATION, WAITED, LABEL, KEY, ID)
}


def closest_field(word: str) -> Field[Any] | None:
    """The field that the word names or misspells, or None. Only close matches: a job name may contain `frame:12`."""
    word = word.lower()
    synonymous = [field for field in FIELDS.values() if word in field.synonyms]
    name = synonymous[0].name if synonymous else closest_name(word, FIELDS)
    return FIELDS[name] if name else None


def quote_name(name: str) -> str:
    """As it is if it would be parsed as this name, otherwise in quotes."""
    prefix = PREFIX.match(name)
    is_sign = name in OR or EXCLUDES.match(name)
    is_word = name and name[0] not in '"“' and not is_sign and not any(c.isspace() for c in name)
    if is_word and not (prefix and closest_field(prefix[2])):
        return name
    return in_quotes(name)
