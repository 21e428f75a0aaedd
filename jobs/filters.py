"""The one query-string contract of the job list, read the same way by both doors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from jobs import grammar, keyset
from jobs.criteria import Criteria, has_trigram
from jobs.listing import ORDERINGS
from jobs.models import MAX_NAME_LENGTH, Job
from jobs.names import name_key
from jobs.paging import (
    DEFAULT_PAGE_SIZE,
    PAGING,
    InvalidFilter,
    Mistake,
    Paging,
    QueryMistake,
    page_size_mistakes,
    shown,
)
from jobs.query import NO_QUERY, Query, named
from jobs.querysets import Count, JobRow, StatusCounts
from jobs.searching import Search
from jobs.statuses import StatusType

DEFAULT_ORDERING: Final = "-created_at"
PARAMETERS: Final = ("status", "q", "search", "ordering", *PAGING)


@dataclass(frozen=True)
class JobFilter:
    """Which jobs, in which order, and which page of them. Always valid."""

    statuses: tuple[StatusType, ...] = ()
    q: Query = NO_QUERY
    ordering: str = DEFAULT_ORDERING
    page_size: int = DEFAULT_PAGE_SIZE
    cursor: str | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> JobFilter:
        """Raises InvalidFilter with every mistake of the query string, not only the first.

        `search` is the older word for one part of the name, taken as it is.
        """
        mistakes = list(_mistakes(query))
        asked = NO_QUERY
        try:
            asked = grammar.parse(query.get("q", ""), named(query.get("search", "").strip()).parts)
        except grammar.Misunderstood as error:
            mistakes += [
                QueryMistake("q", wrong.code, wrong.detail, wrong.start, wrong.end, wrong.meant)
                for wrong in error.wrong
            ]
        if mistakes:
            raise InvalidFilter(mistakes)
        return cls(
            # in the vocabulary's order, so that one question has one URL and one cursor
            statuses=tuple(s for s in StatusType if s.value in query.getlist("status")),
            q=asked,
            ordering=query.get("ordering", DEFAULT_ORDERING),
            page_size=int(query.get("page_size", DEFAULT_PAGE_SIZE)),
            cursor=query.get("cursor"),
        )

    def page(self) -> keyset.Page[JobRow]:
        """One query; under a search a few, or a walk that takes a fifth of a second.

        Raises InvalidFilter when the cursor belongs to another list.
        """
        paging = Paging(self.page_size, self.cursor)
        return paging.page_of(self._reader, ORDERINGS[self.ordering], self._scope)

    def neighbours(self, job: JobRow) -> tuple[JobRow | None, JobRow | None]:
        """The jobs before and after this one in the list, found by its sort key: it need not be in the list.

        A query each, under a search a few; None at the list's ends, and where a search stopped before one.
        """
        ordering = ORDERINGS[self.ordering]
        key = ordering.key_of(job)
        before, after = (
            self._reader(keyset.Stretch(ordering, key, backwards, size=1)).rows
            for backwards in (True, False)
        )
        return (before[0] if before else None), (after[0] if after else None)

    def with_own_cursor(self) -> JobFilter:
        """The same place of the list; its start where the cursor was made for another list."""
        lost = self.cursor is not None and not keyset.belongs(self.cursor, self._scope)
        return replace(self, cursor=None) if lost else self

    def counts_by_status(self) -> StatusCounts:
        """Jobs per status, as if no status were chosen: exact without a search, capped with one."""
        return self._searched.counts() if self.is_searched else Job.objects.counts()

    def count(self, by_status: StatusCounts | None = None) -> Count:
        """How many jobs the whole list has; `by_status` where it is known already."""
        if not self.chosen:
            return Count(0)
        counts = by_status or self.counts_by_status()
        total = counts.total(self.chosen)
        if total.relation == "exact" or not self._searched.statuses:
            return total
        # The lower bound of a status says little: it is what a sample of all matches happened to hold.
        nearby = self._searched.counts_nearby().total(self.chosen)
        return nearby if nearby.relation == "exact" else max(nearby, total)

    def count_beside(
        self, page: keyset.Page[JobRow], by_status: StatusCounts | None = None
    ) -> Count:
        """The count as it is shown with a page: no less than there is to see, and exact where that is all."""
        count = self.count(by_status)
        if count.relation == "at_least" and page.is_whole:
            return Count(len(page.rows))
        return count.no_less_than(len(page.rows))

    def query(self, **changes: Any) -> str:
        """This question's query string, with changes, shortest form: defaults are left out.

        A change of the question starts at its first page.
        """
        place = {} if changes.keys() <= set(PAGING) else {"cursor": None}
        asked = {name: getattr(self, name) for name in DEFAULTS} | place | changes
        pairs = [("status", status.value) for status in asked.pop("statuses")]
        pairs += [(name, str(value)) for name, value in asked.items() if value != DEFAULTS[name]]
        return urlencode(pairs, safe=":,") if pairs else ""

    @property
    def first_page(self) -> str:
        """The query string of this list's first page."""
        return self.query(cursor=None)

    @cached_property
    def chosen(self) -> tuple[StatusType, ...]:
        """The statuses that the list shows, by the tabs and by the search: all of them, some, or none."""
        tabs = self.statuses or tuple(StatusType)
        return tuple(status for status in self.q.statuses if status in tabs)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.statuses or self.q.parts)

    @property
    def is_searched(self) -> bool:
        """Whether it asks for more than statuses."""
        return not self._criteria.is_empty

    @property
    def is_short_search(self) -> bool:
        """Whether the search can only be walked, for want of three letters or digits in a row."""
        names = self._criteria.names
        return self._criteria == Criteria(names) != Criteria() and not any(map(has_trigram, names))

    @property
    def condition(self) -> tuple[str, list[Any]] | None:
        """SQL with its parameters: whether a job belongs to the list, its status apart. None where all do."""
        return self._searched.condition if self.is_searched else None

    @property
    def last_page_cursor(self) -> str:
        return keyset.last_page(self._scope)

    def cursor_after(self, job: JobRow) -> str:
        """The cursor of the page that begins after the job, whether the list has it or not."""
        return keyset.cursor_after(job, ORDERINGS[self.ordering], self._scope)

    @property
    def _reader(self) -> keyset.Reader[JobRow]:
        return self._searched.read if self.chosen else _nothing

    @cached_property
    def _criteria(self) -> Criteria:
        return self.q.criteria(timezone.now())

    @cached_property
    def _searched(self) -> Search:
        return Search(self._criteria, () if len(self.chosen) == len(StatusType) else self.chosen)

    @cached_property
    def _scope(self) -> str:
        # The question itself, however it is worded: a cursor serves all its wordings.
        parts = sorted(name_key(str(part)) for part in self.q.without_statuses().parts)
        return json.dumps([self.chosen, parts, self.ordering])


DEFAULTS: Final = {field.name: field.default for field in fields(JobFilter)}


def _nothing(_: keyset.Stretch) -> keyset.Found[JobRow]:
    return keyset.Found([])


def _mistakes(query: QueryDict) -> Iterator[Mistake]:
    for status in query.getlist("status"):
        if status not in StatusType.values:
            yield _unknown("status", status, StatusType.values)
    search = query.get("search", "")
    if "\0" in search or any("\ud800" <= c <= "\udfff" for c in search):
        detail = "The search holds a character that no name can hold."
        yield Mistake("search", "invalid_characters", detail)
    if len(search) > MAX_NAME_LENGTH:
        yield Mistake("search", "too_long", f"Search for at most {MAX_NAME_LENGTH} characters.")
    if (ordering := query.get("ordering", DEFAULT_ORDERING)) not in ORDERINGS:
        yield _unknown("ordering", ordering, list(ORDERINGS))
    yield from page_size_mistakes(query)


def _unknown(field: str, value: str, allowed: list[str]) -> Mistake:
    detail = f"{shown(value)} is no {field}. Allowed: {', '.join(allowed)}."
    return Mistake(field, f"unknown_{field}", detail)
