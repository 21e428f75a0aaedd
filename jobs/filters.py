"""The one query-string contract of the job list, read the same way by both doors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from jobs import keyset
from jobs.models import MAX_NAME_LENGTH, Job
from jobs.querysets import Count, JobQuerySet, JobRow, StatusCounts
from jobs.searching import has_trigram, in_two_steps
from jobs.statuses import StatusType

PAGE_SIZES: Final = range(1, 201)
DEFAULT_PAGE_SIZE: Final = 50
DEFAULT_ORDERING: Final = "-created_at"
FIELDS: Final = {"created_at": "created_at", "updated_at": "updated_at", "name": "name_key"}
ORDERINGS: Final = {
    f"{sign}{param}": keyset.Ordering((field, "id"), descending=bool(sign))
    for param, field in FIELDS.items()
    for sign in ("", "-")
}
PARAMETERS: Final = ("status", "search", "ordering", "page_size", "cursor")
PAGING: Final = ("page_size", "cursor")


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one field of a request: for people, and as a stable code for programs."""

    field: str
    code: str
    detail: str


class InvalidFilter(ValueError):
    """A query string that asks for something that is not offered."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(" ".join(mistake.detail for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Paging:
    """Which page of a list that has no filter. Always valid."""

    page_size: int = DEFAULT_PAGE_SIZE
    cursor: str | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> Paging:
        """Raises InvalidFilter."""
        if mistakes := list(_page_size_mistakes(query)):
            raise InvalidFilter(mistakes)
        return cls(int(query.get("page_size", DEFAULT_PAGE_SIZE)), query.get("cursor"))

    def query(self, cursor: str) -> str:
        """The query string of another page of the same size."""
        size = {} if self.page_size == DEFAULT_PAGE_SIZE else {"page_size": self.page_size}
        return urlencode(size | {"cursor": cursor})

    def page_of(
        self, read: keyset.Reader, ordering: keyset.Ordering, scope: str
    ) -> keyset.Page[Any]:
        """keyset.paginate, with its complaint about the cursor as InvalidFilter."""
        try:
            return keyset.paginate(read, ordering, self.page_size, self.cursor, scope)
        except keyset.InvalidCursor as error:
            detail = f"{error} Start again without a cursor."
            raise InvalidFilter([Mistake("cursor", "invalid_cursor", detail)]) from error


@dataclass(frozen=True)
class JobFilter:
    """Which jobs, in which order, and which page of them. Always valid."""

    statuses: tuple[StatusType, ...] = ()
    search: str = ""
    ordering: str = DEFAULT_ORDERING
    page_size: int = DEFAULT_PAGE_SIZE
    cursor: str | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> JobFilter:
        """Raises InvalidFilter with every mistake of the query string, not only the first."""
        mistakes = list(_mistakes(query))
        if mistakes:
            raise InvalidFilter(mistakes)
        return cls(
            # in the vocabulary's order, so that one question has one URL and one cursor
            statuses=tuple(s for s in StatusType if s.value in query.getlist("status")),
            search=query.get("search", "").strip(),
            ordering=query.get("ordering", DEFAULT_ORDERING),
            page_size=int(query.get("page_size", DEFAULT_PAGE_SIZE)),
            cursor=query.get("cursor"),
        )

    def page(self) -> keyset.Page[Any]:
        """The rows, each with id, name, current_status, created_at and updated_at. One query.

        Raises InvalidFilter when the cursor belongs to another list.
        """
        jobs = Job.objects.for_list()
        branches = [jobs.in_status(status) for status in self._status_branches] or [jobs]
        if has_trigram(self.search):
            read = in_two_steps(branches, self.search)
        else:
            found = [self._matching_names(branch) for branch in branches]
            read = keyset.merged([jobs.values_list(*JobRow._fields, named=True) for jobs in found])
        paging = Paging(self.page_size, self.cursor)
        return paging.page_of(read, ORDERINGS[self.ordering], self._scope)

    def counts_by_status(self) -> StatusCounts:
        """Jobs per status, as if no status were chosen: exact without a search, capped with one. One query."""
        if not self.search:
            return Job.objects.counts()
        return self._matching_names(Job.objects.all()).capped_counts()

    def count(self) -> Count:
        """How many jobs the whole list has. One query."""
        return self.counts_by_status().total(self.statuses)

    def query(self, **changes: Any) -> str:
        """This question's query string, with changes, shortest form: defaults are left out.

        A change of the question starts at its first page.
        """
        keeps_place = changes.keys() <= set(PAGING)
        other = replace(self, **({} if keeps_place else {"cursor": None}) | changes)
        pairs = [("status", status.value) for status in other.statuses]
        pairs += [
            (field.name, getattr(other, field.name))
            for field in other.__dataclass_fields__.values()
            if field.name != "statuses" and getattr(other, field.name) != field.default
        ]
        return urlencode(pairs)

    @property
    def first_page(self) -> str:
        """The query string of this list's first page."""
        return self.query(cursor=None)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.statuses or self.search)

    @property
    def last_page_cursor(self) -> str:
        return keyset.last_page(self._scope)

    def _matching_names(self, jobs: JobQuerySet) -> JobQuerySet:
        return jobs.search(self.search) if self.search else jobs

    @property
    def _status_branches(self) -> tuple[StatusType, ...]:
        return () if len(self.statuses) == len(StatusType) else self.statuses

    @cached_property
    def _scope(self) -> str:
        return json.dumps([self.statuses, self.search, self.ordering])


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
    yield from _page_size_mistakes(query)


def _page_size_mistakes(query: QueryDict) -> Iterator[Mistake]:
    size = query.get("page_size", str(DEFAULT_PAGE_SIZE))
    if not (size.isascii() and size.isdigit() and len(size) <= 3 and int(size) in PAGE_SIZES):
        detail = f"{_shown(size)} is no page size. Allowed: 1 to {PAGE_SIZES[-1]}."
        yield Mistake("page_size", "out_of_range", detail)


def _unknown(field: str, value: str, allowed: list[str]) -> Mistake:
    detail = f"{_shown(value)} is no {field}. Allowed: {', '.join(allowed)}."
    return Mistake(field, f"unknown_{field}", detail)


def _shown(value: str) -> str:
    return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"'
