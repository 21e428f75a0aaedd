"""A parsed search: a list of terms, each of which can be written as text, displayed and removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from jobs.search.conditions import Criteria
from jobs.search.field import Field
from jobs.search.terms import NAME, STATUS
from jobs.statuses import StatusType


@dataclass(frozen=True)
class Term:
    """One condition: a field with its value, which the field can read and write."""

    field: Field[Any]
    value: Any
    is_excluded: bool = False

    def __str__(self) -> str:
        return (
            self.field.write_excluded(self.value)
            if self.is_excluded
            else self.field.write(self.value)
        )

    @property
    def words(self) -> str:
        """The value in words: `not completed`, `in the last 2 hours`."""
        return f"{'not ' if self.is_excluded else ''}{self.field.words(self.value)}"

    @property
    def depends_on_zone(self) -> bool:
        return self.field.depends_on_zone(self.value)


@dataclass(frozen=True)
class SearchQuery:
    """Terms that a job must all match: names in the order they were typed, then the others. Always valid.

    Parsing its text yields an equal query.
    """

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    def without(self, *terms: Term) -> SearchQuery:
        return SearchQuery(tuple(term for term in self.terms if term not in terms))

    def without_statuses(self) -> SearchQuery:
        return self.without(*(term for term in self.terms if term.field is STATUS))

    @property
    def names(self) -> tuple[str, ...]:
        """The parts that must all be in the name."""
        return tuple(t.value for t in self.terms if t.field is NAME and not t.is_excluded)

    @property
    def statuses(self) -> tuple[StatusType, ...]:
        """The statuses that match: all, some, or none."""
        matching = set(StatusType)
        for term in self.terms:
            if term.field is STATUS:
                matching = {s for s in matching if (s in term.value) != term.is_excluded}
        return tuple(status for status in StatusType if status in matching)

    @cached_property
    def depends_on_zone(self) -> bool:
        """Whether it means other jobs in another time zone."""
        return any(term.depends_on_zone for term in self.terms)

    @property
    def depends_on_now(self) -> bool:
        """Whether it means other jobs at another time."""
        return any(term.field.depends_on_now(term.value) for term in self.terms)

    def criteria(self, now: datetime) -> Criteria:
        """The conditions other than statuses; times are relative to `now`, and days those of its time zone."""
        criteria = Criteria()
        for term in self.terms:
            apply = term.field.exclude if term.is_excluded else term.field.narrow
            criteria = apply(criteria, term.value, now)
        return criteria


NO_QUERY: Final = SearchQuery()


def normalize(terms: Iterable[Term]) -> SearchQuery:
    """The terms in order, without duplicates, and with alternatives merged into one term."""
    unique: dict[object, Term] = {}
    for term in terms:
        key = (term.field, term.is_excluded, term.field.key(term.value))
        known = unique.get(key)
        value = term.field.merge(known.value, term.value) if known else term.value
        unique[key] = replace(term, value=value)
    return SearchQuery(tuple(sorted(unique.values(), key=lambda t: (t.field.order, t.is_excluded))))


def name_query(*names: str) -> SearchQuery:
    """The query for these parts of a name, taken literally."""
    return normalize(Term(NAME, name) for name in names if name)
