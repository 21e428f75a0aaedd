"""Fields of the search language with exact texts: a job's labels and its key. Upper and lower case differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from jobs.labels import LABEL_KEY, MAX_LABEL_VALUE
from jobs.models import MAX_KEY_LENGTH
from jobs.search.conditions import Condition, Criteria, any_of
from jobs.search.field import Field, InvalidValue

ANY: Final = "*"
# Sorts after all other characters, in the order of code points, which is that of the column.
LAST: Final = "\U0010ffff"
UNNEST_COST: Final = 2
"""Looking through the labels of a job takes as long as two plain conditions."""


class LabelFilter(NamedTuple):
    """A label with a value, or with any value for None."""

    key: str
    value: str | None

    def __str__(self) -> str:
        return self.key if self.value is None else f"{self.key}={self.value}"


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchLabelField(Field[LabelFilter]):
    """A label. The index has whole labels: for one with any value, the list is walked."""

    def read(self, text: str) -> LabelFilter:
        key, is_whole, value = text.partition("=")
        if not LABEL_KEY.fullmatch(key) or len(value) > MAX_LABEL_VALUE:
            raise InvalidValue("unknown_label", "is not a label.", remedy=f"Use {self.expects}.")
        return LabelFilter(key, value.strip() if is_whole else None)

    def narrow(self, criteria: Criteria, value: LabelFilter, now: datetime) -> Criteria:
        return replace(criteria, others=(*criteria.others, self.condition(value)))

    def condition(self, value: LabelFilter) -> Condition:
        """Repeats the condition of the partial index, which the planner would count as if it made matches rarer."""
        if value.value is None:
            sql = "EXISTS (SELECT FROM unnest(labels) AS label WHERE starts_with(label, %s))"
            return Condition(
                f"(labels <> '{{}}' AND {sql})",
                [f"{value.key}="],
                "labels",
                is_indexed=False,
                cost=UNNEST_COST,
            )
        sql = "labels @> %s::text[]"
        return Condition(f"(labels <> '{{}}' AND {sql})", [[str(value)]], "labels", estimated=sql)

    def words(self, value: LabelFilter) -> str:
        return f"any {value.key}" if value.value is None else str(value)

    def write(self, value: LabelFilter) -> str:
        return f"{self.name}:{quote_value(str(value))}"


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchKeyField(Field[str]):
    """A key, or its beginning before an asterisk: a range of the index."""

    def read(self, text: str) -> str:
        if len(text.removesuffix(ANY)) > MAX_KEY_LENGTH:
            problem = f"is too long: keys have at most {MAX_KEY_LENGTH} characters."
            raise InvalidValue("too_long", problem)
        return text

    def narrow(self, criteria: Criteria, value: str, now: datetime) -> Criteria:
        return replace(criteria, others=(*criteria.others, self.condition(value)))

    def condition(self, value: str) -> Condition:
        """Never NULL, so that an exclusion also finds jobs without a key."""
        sql, params = "key = %s", [value]
        if value.endswith(ANY):
            start = value.removesuffix(ANY)
            sql, params = "key >= %s AND key < %s", [start, start + LAST]
        return Condition(f"(key IS NOT NULL AND {sql})", params, "key", estimated=sql)

    def words(self, value: str) -> str:
        return value

    def write(self, value: str) -> str:
        return f"{self.name}:{quote_value(value)}"


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchAnyTextField(Field[tuple[Any, ...]]):
    """Alternatives of one of these fields, at least two, with OR between them."""

    one: SearchLabelField | SearchKeyField

    def read(self, text: str) -> tuple[Any, ...]:
        return (self.one.read(text),)

    def narrow(self, criteria: Criteria, value: tuple[Any, ...], now: datetime) -> Criteria:
        return replace(criteria, others=(*criteria.others, any_of(map(self.one.condition, value))))

    def words(self, value: tuple[Any, ...]) -> str:
        return " or ".join(map(self.one.words, value))

    def write(self, value: tuple[Any, ...]) -> str:
        return " OR ".join(map(self.one.write, value))


def alternatives(one: SearchLabelField | SearchKeyField) -> SearchAnyTextField:
    return SearchAnyTextField(one=one, name=one.name, order=one.order, expects=one.expects, help=())


def quote_value(text: str) -> str:
    """As it is if it would be parsed as this value, otherwise in quotes."""
    if text and text[0] not in '"“' and not any(character.isspace() for character in text):
        return text
    return in_quotes(text)


def in_quotes(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
