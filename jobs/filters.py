"""The query-string contract of the job list, shared by the API and the pages: what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import tzinfo
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from jobs.listing.paging import DEFAULT_PAGE_SIZE, PAGING, page_size_errors
from jobs.listing.reader import ORDERINGS
from jobs.mistakes import UNSTORABLE, FieldError, InvalidQuery, quoted
from jobs.models import MAX_NAME_LENGTH
from jobs.search import parser
from jobs.search.conditions import has_trigram
from jobs.search.query import NO_QUERY, SearchQuery, name_query
from jobs.search.terms import NAME
from jobs.statuses import StatusType
from jobs.timestamps import UTC_NAME, zone_name, zone_of

DEFAULT_ORDERING: Final = "-created_at"
# The time zone of the days in the search
TZ: Final = "tz"
PARAMETERS: Final = ("status", "q", "search", TZ, "ordering", *PAGING)
# Parameters of the pages alone: the saved view that is shown, or ALL_JOBS; and the columns that are, if not the viewer's.
VIEW: Final = "view"
COLUMNS: Final = "columns"
ALL_JOBS: Final = "all"
PAGE_PARAMETERS: Final = (VIEW, *PARAMETERS, COLUMNS)
# The parameters that may appear more than once.
REPEATABLE: Final = frozenset({"status"})


@dataclass(frozen=True)
class JobFilter:
    """Which jobs to list, in which order, and which page of them. Always valid. JobList answers it.

    `statuses` are those of the tabs; None means any status. `tz` is the time zone of the days in `q`: None if it has
    none, or if none was given, which means UTC. `view` and `columns` are how a page shows the list.
    """

    statuses: tuple[StatusType, ...] | None = None
    q: SearchQuery = NO_QUERY
    tz: str | None = None
    ordering: str = DEFAULT_ORDERING
    page_size: int = DEFAULT_PAGE_SIZE
    cursor: str | None = None
    view: str | None = None
    columns: str | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> JobFilter:
        """Raises InvalidQuery with all errors of the query string, not only the first.

        `search` is the older parameter for one part of the name, taken literally.
        """
        errors = list(_field_errors(query))
        q = NO_QUERY
        try:
            q = parser.parse(query.get("q", ""), name_query(query.get("search", "").strip()).terms)
        except InvalidQuery as error:
            errors += error.errors
        if errors:
            raise InvalidQuery(errors)
        statuses = query.getlist("status")
        return cls(
            # in the order of StatusType, so that a list has one URL and one cursor
            statuses=tuple(s for s in StatusType if s.value in statuses) if statuses else None,
            q=q,
            tz=zone_name(query.get(TZ, "")) if TZ in query and q.depends_on_zone else None,
            ordering=query.get("ordering", DEFAULT_ORDERING),
            page_size=int(query.get("page_size", DEFAULT_PAGE_SIZE)),
            cursor=query.get("cursor"),
            view=query.get(VIEW),
            columns=query.get(COLUMNS),
        )

    def parameters(self, **changes: Any) -> list[tuple[str, str]]:
        """The parameters of this list with changes, without those that have their defaults.

        A change to the filter or the ordering starts at the first page.
        """
        page = {} if changes.keys() <= set(PAGING) else {"cursor": None}
        values = {name: getattr(self, name) for name in DEFAULTS} | page | changes
        if not values["q"].depends_on_zone:
            values[TZ] = None
        view = values.pop(VIEW)
        pairs = [("status", status.value) for status in values.pop("statuses") or ()]
        pairs += [(name, str(value)) for name, value in values.items() if value != DEFAULTS[name]]
        return _with_view(view, pairs) if view else pairs

    def query_string(self, **changes: Any) -> str:
        """The query string of `parameters`."""
        pairs = self.parameters(**changes)
        return urlencode(pairs, safe=":,") if pairs else ""

    @property
    def search_form(self) -> list[tuple[str, str]]:
        """The parameters that a new search keeps: hidden fields of the form."""
        zone = [(TZ, self.tz)] if self.tz else []
        return self.parameters(q=NO_QUERY) + zone

    @property
    def first_page(self) -> str:
        """The query string of the first page."""
        return self.query_string(cursor=None)

    @property
    def zone(self) -> tzinfo:
        """The time zone of the days in the search."""
        return zone_of(self.tz or UTC_NAME)

    @cached_property
    def selected_statuses(self) -> tuple[StatusType, ...]:
        """The statuses allowed by both the tabs and the search: all, some, or none."""
        tabs = StatusType if self.statuses is None else self.statuses
        return tuple(status for status in self.q.statuses if status in tabs)

    @property
    def is_filtered(self) -> bool:
        return self.statuses is not None or bool(self.q.terms)

    @property
    def has_search(self) -> bool:
        """Whether it has conditions other than statuses."""
        return bool(self.q.without_statuses().terms)

    @property
    def is_short_search(self) -> bool:
        """Whether it searches only for names, none of which has a trigram, so that no index supports it."""
        terms = self.q.without_statuses().terms
        return bool(terms) and all(t.field is NAME and not has_trigram(t.value) for t in terms)


def _with_view(view: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`view` alone asks for the view's own search, so a list without any other parameter says its ordering."""
    if view == ALL_JOBS:
        return pairs or [(VIEW, ALL_JOBS)]
    return [(VIEW, view), *(pairs or [("ordering", DEFAULT_ORDERING)])]


DEFAULTS: Final = {field.name: field.default for field in fields(JobFilter)}


def _field_errors(query: QueryDict) -> Iterator[FieldError]:
    for status in query.getlist("status"):
        if status not in StatusType.values:
            yield _unknown("status", status, StatusType.values)
    search = query.get("search", "")
    if UNSTORABLE.search(search):
        detail = "The search contains a character that is not allowed in names."
        yield FieldError("search", "invalid_characters", detail)
    if len(search) > MAX_NAME_LENGTH:
        detail = f"The search is longer than {MAX_NAME_LENGTH} characters."
        yield FieldError("search", "too_long", detail)
    if zone_name(zone := query.get(TZ, UTC_NAME)) is None:
        detail = f"{quoted(zone)} is not a time zone. Use an IANA name, as in tz=Asia/Kolkata."
        yield FieldError(TZ, "unknown_tz", detail)
    if (ordering := query.get("ordering", DEFAULT_ORDERING)) not in ORDERINGS:
        yield _unknown("ordering", ordering, list(ORDERINGS))
    yield from page_size_errors(query)


def _unknown(field: str, value: str, allowed: list[str]) -> FieldError:
    detail = f"{quoted(value)} is not a valid {field}. Allowed: {', '.join(allowed)}."
    return FieldError(field, f"unknown_{field}", detail)
