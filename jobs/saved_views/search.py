"""A view's search as parameters of the list, and the other way around."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from jobs.filters import COLUMNS, DEFAULT_ORDERING, VIEW, JobFilter
from jobs.listing.paging import DEFAULT_PAGE_SIZE
from jobs.saved_views.rows import ViewRow
from jobs.table_columns import LABELS, REQUIRED

# A new view without them lists all jobs.
DEFAULTS: Final[Mapping[str, Any]] = {
    "statuses": [],
    "q": "",
    "ordering": DEFAULT_ORDERING,
    "page_size": DEFAULT_PAGE_SIZE,
    "columns": [],
    "is_default": False,
}


def link_query(view: ViewRow) -> str:
    """The query string of the view's short link: it shows the view's search as it is by then."""
    return f"{VIEW}={view.id}"


def parameters(view: ViewRow) -> list[tuple[str, str]]:
    """The parameters of the view's search, as it was saved."""
    pairs = [("status", status) for status in view.statuses]
    pairs += [("q", view.q)] if view.q else []
    pairs += [("ordering", view.ordering)] if view.ordering != DEFAULT_ORDERING else []
    pairs += [("page_size", str(view.page_size))] if view.page_size != DEFAULT_PAGE_SIZE else []
    pairs += [(COLUMNS, ",".join(view.columns))] if view.columns else []
    # `view` alone would be the short link again.
    return [(VIEW, str(view.id)), *(pairs or [("ordering", DEFAULT_ORDERING)])]


def full_query(view: ViewRow) -> str:
    """The query string of the list that the view shows."""
    return urlencode(parameters(view), safe=":,")


def job_filter_of(view: ViewRow) -> JobFilter:
    """The list that the view shows. Raises InvalidQuery if its search has become invalid."""
    return JobFilter.parse(QueryDict(full_query(view)))


def normalized(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a view to store, with its search in the wording of the list's URLs. Raises InvalidQuery.

    `values` are any of a view's columns; those of the search that are absent are not validated.
    """
    query = QueryDict(mutable=True)
    query.setlist("status", list(values.get("statuses", [])))
    for name in ("q", "ordering", "page_size"):
        if name in values:
            query[name] = str(values[name])
    job_filter = JobFilter.parse(query)
    found = {
        "statuses": [status.value for status in job_filter.statuses or ()],
        "q": str(job_filter.q),
        "ordering": job_filter.ordering,
        "page_size": job_filter.page_size,
    }
    return {**values, **{name: value for name, value in found.items() if name in values}}


def is_list_of_columns(names: list[str]) -> bool:
    """Whether these can be the columns that are shown: each at most once, with those that cannot be hidden; or none."""
    known = set(names) <= LABELS.keys() and len(set(names)) == len(names)
    return known and (not names or set(names) >= REQUIRED)
