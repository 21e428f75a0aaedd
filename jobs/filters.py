"""The query-string contract of the job list, shared by the API and the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from jobs.listing import keyset
from jobs.listing.paging import (
    DEFAULT_PAGE_SIZE,
    PAGING,
    FieldError,
    InvalidFilter,
    Paging,
    QueryError,
    page_size_errors,
    quoted,
)
from jobs.listing.reader import ORDERINGS
from jobs.models import MAX_NAME_LENGTH, Job
from jobs.names import name_key
from jobs.querysets import Count, JobRow, StatusCounts
from jobs.search import parser
from jobs.search.conditions import Criteria, has_trigram
from jobs.search.executor import Search
from jobs.search.query import NO_QUERY, Query, name_query
from jobs.statuses import StatusType

DEFAULT_ORDERING: Final = "-created_at"
PARAMETERS: Final = ("status", "q", "search", "ordering", *PAGING)


@dataclass(frozen=True)
class JobFilter:
    """Which jobs to list, in which order, and which page of them. Always valid."""

    statuses: tuple[StatusType, ...] = ()
    q: Query = NO_QUERY
    ordering: str = DEFAULT_ORDERING
    page_size: int = DEFAULT_PAGE_SIZE
    cursor: str | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> JobFilter:
        """Raises InvalidFilter with all errors of the query string, not only the first.

        `search` is the older parameter for one part of the name, taken literally.
        """
        errors = list(_field_errors(query))
        q = NO_QUERY
        try:
            q = parser.parse(query.get("q", ""), name_query(query.get("search", "").strip()).terms)
        except parser.QuerySyntaxError as error:
            errors += [
                QueryError("q", each.code, each.detail, each.start, each.end, each.suggestions)
                for each in error.diagnostics
            ]
        if errors:
            raise InvalidFilter(errors)
        return cls(
            # in the order of StatusType, so that a list has one URL and one cursor
            statuses=tuple(s for s in StatusType if s.value in query.getlist("status")),
            q=q,
            ordering=query.get("ordering", DEFAULT_ORDERING),
            page_size=int(query.get("page_size", DEFAULT_PAGE_SIZE)),
            cursor=query.get("cursor"),
        )

    def page(self) -> keyset.Page[JobRow]:
        """One query; for a search a few, or a walk of up to a fifth of a second.

        Raises InvalidFilter if the cursor belongs to another list.
        """
        paging = Paging(self.page_size, self.cursor)
        return paging.paginate(self._reader, ORDERINGS[self.ordering], self._scope)

    def neighbours(self, job: JobRow) -> tuple[JobRow | None, JobRow | None]:
        """The jobs before and after the sort key of this one, which need not be in the list itself.

        One query each, for a search a few. None at the ends of the list, and if a search stopped before finding one.
        """
        ordering = ORDERINGS[self.ordering]
        key = ordering.key_of(job)
        before, after = (
            self._reader(keyset.Window(ordering, key, backwards, size=1)).rows
            for backwards in (True, False)
        )
        return (before[0] if before else None), (after[0] if after else None)

    def without_foreign_cursor(self) -> JobFilter:
        """Starts at the first page if the cursor belongs to another list."""
        is_foreign = self.cursor is not None and not keyset.is_valid(self.cursor, self._scope)
        return replace(self, cursor=None) if is_foreign else self

    def counts_by_status(self) -> StatusCounts:
        """Jobs per status, regardless of the selected statuses: exact without a search, capped with one."""
        return self._search.counts() if self.has_search else Job.objects.counts()

    def count(self, by_status: StatusCounts | None = None) -> Count:
        """The number of jobs in the whole list; pass `by_status` if it is known already."""
        if not self.selected_statuses:
            return Count(0)
        counts = by_status or self.counts_by_status()
        total = counts.total(self.selected_statuses)
        if total.relation == "exact" or not self._search.statuses:
            return total
        # The lower bound for a status is weak: it counts what a sample of all matches happened to contain.
        sampled = self._search.sampled_counts().total(self.selected_statuses)
        return sampled if sampled.relation == "exact" else max(sampled, total)

    def count_for_page(
        self, page: keyset.Page[JobRow], by_status: StatusCounts | None = None
    ) -> Count:
        """The count to display with a page: at least the rows of the page, and exact if it is the whole list."""
        count = self.count(by_status)
        if count.relation == "at_least" and page.is_whole:
            return Count(len(page.rows))
        return count.at_least(len(page.rows))

    def query(self, **changes: Any) -> str:
        """The query string of this list with changes, without parameters that have their defaults.

        A change to the filter or the ordering starts at the first page.
        """
        page = {} if changes.keys() <= set(PAGING) else {"cursor": None}
        values = {name: getattr(self, name) for name in DEFAULTS} | page | changes
        pairs = [("status", status.value) for status in values.pop("statuses")]
        pairs += [(name, str(value)) for name, value in values.items() if value != DEFAULTS[name]]
        return urlencode(pairs, safe=":,") if pairs else ""

    @property
    def first_page(self) -> str:
        """The query string of the first page."""
        return self.query(cursor=None)

    @cached_property
    def selected_statuses(self) -> tuple[StatusType, ...]:
        """The statuses allowed by both the tabs and the search: all, some, or none."""
        tabs = self.statuses or tuple(StatusType)
        return tuple(status for status in self.q.statuses if status in tabs)

    @property
    def is_filtered(self) -> bool:
        return bool(self.statuses or self.q.terms)

    @property
    def has_search(self) -> bool:
        """Whether it has conditions other than statuses."""
        return not self._criteria.is_empty

    @property
    def is_short_search(self) -> bool:
        """Whether it searches only for names, none of which has a trigram, so that no index supports it."""
        names = self._criteria.names
        return self._criteria == Criteria(names) != Criteria() and not any(map(has_trigram, names))

    @property
    def condition(self) -> tuple[str, list[Any]] | None:
        """SQL and its parameters: whether a job is in the list, regardless of its status. None if all jobs are."""
        return self._search.condition if self.has_search else None

    @property
    def last_page_cursor(self) -> str:
        return keyset.last_page(self._scope)

    def cursor_after(self, job: JobRow) -> str:
        """The cursor of the page that starts after the job, which need not be in the list."""
        return keyset.cursor_after(job, ORDERINGS[self.ordering], self._scope)

    @property
    def _reader(self) -> keyset.Reader[JobRow]:
        return self._search.read if self.selected_statuses else _empty

    @cached_property
    def _criteria(self) -> Criteria:
        return self.q.criteria(timezone.now())

    @cached_property
    def _search(self) -> Search:
        return Search(
            self._criteria,
            () if len(self.selected_statuses) == len(StatusType) else self.selected_statuses,
        )

    @cached_property
    def _scope(self) -> str:
        # Independent of the wording of the query, so that a cursor is valid for all wordings.
        terms = sorted(name_key(str(term)) for term in self.q.without_statuses().terms)
        return json.dumps([self.selected_statuses, terms, self.ordering])


DEFAULTS: Final = {field.name: field.default for field in fields(JobFilter)}


def _empty(_: keyset.Window) -> keyset.Batch[JobRow]:
    return keyset.Batch([])


def _field_errors(query: QueryDict) -> Iterator[FieldError]:
    for status in query.getlist("status"):
        if status not in StatusType.values:
            yield _unknown("status", status, StatusType.values)
    search = query.get("search", "")
    if "\0" in search or any("\ud800" <= c <= "\udfff" for c in search):
        detail = "The search contains a character that is not allowed in names."
        yield FieldError("search", "invalid_characters", detail)
    if len(search) > MAX_NAME_LENGTH:
        detail = f"The search is longer than {MAX_NAME_LENGTH} characters."
        yield FieldError("search", "too_long", detail)
    if (ordering := query.get("ordering", DEFAULT_ORDERING)) not in ORDERINGS:
        yield _unknown("ordering", ordering, list(ORDERINGS))
    yield from page_size_errors(query)


def _unknown(field: str, value: str, allowed: list[str]) -> FieldError:
    detail = f"{quoted(value)} is not a valid {field}. Allowed: {', '.join(allowed)}."
    return FieldError(field, f"unknown_{field}", detail)
