"""A search with errors: its text with the wrong parts marked, and links that correct them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from jobs.filters import JobFilter
from jobs.listing.paging import InvalidFilter, QueryError
from jobs.pages.navigation import Link
from jobs.pages.url_length import fits
from jobs.search.parser import UNSTORABLE
from jobs.statuses import StatusType


@dataclass(frozen=True)
class Segment:
    text: str
    is_wrong: bool


@dataclass(frozen=True)
class Diagnostic:
    """One wrong part: what is wrong, and links to the same search with a replacement."""

    detail: str
    fixes: list[Link]


def query_error_context(query: QueryDict, errors: Iterable[QueryError]) -> dict[str, Any]:
    """The context shown in place of the table; the controls around it keep the text as it was typed."""
    text = query.get("q", "")
    ordered = sorted(errors, key=lambda error: error.start)
    return {
        "search_text": UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text),
        "segments": list(_segments(text, ordered)),
        "diagnostics": [Diagnostic(error.detail, list(_fixes(query, error))) for error in ordered],
        "job_filter": _without_search(query),
        "tabs": list(_tabs(query)),
    }


def _segments(text: str, errors: list[QueryError]) -> Iterator[Segment]:
    at = 0
    for error in errors:
        if error.start >= at:
            yield Segment(text[at : error.start], is_wrong=False)
            yield Segment(
                UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text[error.start : error.end]),
                is_wrong=True,
            )
            at = error.end
    yield Segment(UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text[at:]), is_wrong=False)


def _fixes(query: QueryDict, error: QueryError) -> Iterator[Link]:
    text = query.get("q", "")
    for suggestion in error.suggestions:
        is_name = suggestion.startswith('"')
        label = f"{suggestion} in names" if is_name else suggestion or "Remove it"
        fixed = _with(query, q=text[: error.start] + suggestion + text[error.end :])
        if fits(fixed):
            yield Link(label, fixed)


def _tabs(query: QueryDict) -> Iterator[Link]:
    """Without counts: the search has not been run."""
    selected = query.getlist("status")
    yield Link("All", _tab(query, []), current=not selected)
    for status in StatusType:
        target = _tab(query, [status.value])
        yield Link(status.label, target, current=status.value in selected, status=status.value)


def _tab(query: QueryDict, statuses: list[str]) -> str:
    """Drops the search if the query string does not fit otherwise."""
    target = _with(query, status=statuses)
    return target if fits(target) else _with(query, status=statuses, q=[])


def _with(query: QueryDict, **changes: str | list[str]) -> str:
    """The query string with changes, for the first page."""
    other = query.copy()
    other.pop("cursor", None)
    for name, value in changes.items():
        other.setlist(name, value if isinstance(value, list) else [value])
    pairs = [(name, value) for name, values in other.lists() for value in values]
    # Not QueryDict.urlencode: with `safe`, it writes a space as %20, three bytes instead of one.
    return urlencode(pairs, safe=":,")


def _without_search(query: QueryDict) -> JobFilter:
    other = query.copy()
    for name in ("q", "search", "cursor"):
        other.pop(name, None)
    try:
        return JobFilter.parse(other)
    except InvalidFilter:
        return JobFilter()
