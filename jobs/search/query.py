"""A parsed search: a list of terms, each of which can be written as text, displayed and removed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jobs.names import name_key
from jobs.search.conditions import Criteria
from jobs.search.suggestions import closest_field
from jobs.search.times import TimeFilter
from jobs.statuses import StatusType
from jobs.time_range import ALL_TIME

Value = str | tuple[StatusType, ...] | tuple[int, ...] | TimeFilter

FIELD: Final = re.compile(r"(-?)([A-Za-z]{2,12}):")
ORDER: Final = ("name", "id", "status", "created", "updated")


@dataclass(frozen=True)
class Term:
    """One condition: part of a name, alternative statuses or ids, or a time."""

    field: str
    value: Value
    excluded: bool = False

    def __str__(self) -> str:
        match self.value:
            case str():
                return quote_name(self.value)
            case TimeFilter():
                return f"{self.field}:{self.value}"
            case _:
                words = ",".join(str(value).lower() for value in self.value)
                return f"{'-' if self.excluded else ''}{self.field}:{words}"


@dataclass(frozen=True)
class Query:
    """Terms that a job must all match: names in the order they were typed, then the others. Always valid.

    Parsing its text yields an equal query.
    """

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    def without(self, *terms: Term) -> Query:
        return Query(tuple(term for term in self.terms if term not in terms))

    def without_statuses(self) -> Query:
        return self.without(*(term for term in self.terms if term.field == "status"))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(term.value for term in self.terms if isinstance(term.value, str))

    @property
    def statuses(self) -> tuple[StatusType, ...]:
        """The statuses that match: all, some, or none."""
        matching = set(StatusType)
        for term in self.terms:
            if term.field == "status":
                matching = {s for s in matching if (s in _members(term)) != term.excluded}
        return tuple(status for status in StatusType if status in matching)

    def criteria(self, now: datetime) -> Criteria:
        """The conditions other than statuses; relative times are relative to `now`."""
        ranges = {"created": ALL_TIME, "updated": ALL_TIME}
        for term in self.terms:
            if isinstance(term.value, TimeFilter):
                ranges[term.field] = ranges[term.field].intersect(term.value.range(now))
        ids = [term.value for term in self.terms if term.field == "id"]
        return Criteria(self.names, *ids, **ranges) if ids else Criteria(self.names, **ranges)  # type: ignore[arg-type]  # an id's value is numbers


NO_QUERY: Final = Query()


def normalize(terms: list[Term]) -> Query:
    """The terms in order, without duplicates, and with alternatives merged into one term."""
    unique: dict[object, Term] = {}
    for term in terms:
        if isinstance(term.value, str | TimeFilter):
            unique.setdefault((term.field, name_key(str(term.value))), term)
            continue
        kind = (term.field, term.excluded)
        values = {*(_members(unique[kind]) if kind in unique else ()), *term.value}
        unique[kind] = Term(term.field, _in_order(values), term.excluded)
    return Query(tuple(sorted(unique.values(), key=lambda t: (ORDER.index(t.field), t.excluded))))


def name_query(*names: str) -> Query:
    """The query for these parts of a name, taken literally."""
    return normalize([Term("name", name) for name in names if name])


def quote_name(name: str) -> str:
    """As it is if it would be parsed as this name, otherwise in quotes."""
    field = FIELD.match(name)
    is_word = name and name[0] not in '"“' and not any(c.isspace() for c in name)
    if is_word and not (field and closest_field(field[2])):
        return name
    escaped = name.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _members(term: Term) -> tuple[object, ...]:
    return term.value if isinstance(term.value, tuple) else ()


def _in_order(values: set[object]) -> tuple[StatusType, ...] | tuple[int, ...]:
    statuses = tuple(status for status in StatusType if status in values)
    return statuses or tuple(sorted(value for value in values if isinstance(value, int)))
