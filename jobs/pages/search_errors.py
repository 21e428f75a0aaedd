"""A search with errors: its text with the wrong parts marked, and links that correct them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from jobs.filters import JobFilter
from jobs.mistakes import FieldError, InvalidQuery, SearchError, displayable
from jobs.names import isolated
from jobs.pages.navigation import Link
from jobs.pages.url_length import fits
from jobs.statuses import StatusType


@dataclass(frozen=True)
class Segment:
    text: str
    is_wrong: bool


@dataclass(frozen=True)
class InvalidSearch:
    """Shown in place of the table; the controls around it keep the text as it was typed."""

    query: QueryDict
    error: InvalidQuery
    notices: Sequence[str] = ()
    title: str = "Jobs"

    @property
    def announcement(self) -> str:
        return str(self.error)

    @property
    def doubt(self) -> str:
        """The first error: shown below the search field while somebody types."""
        return self.error.search_errors[0].detail

    @property
    def search_text(self) -> str:
        return displayable(self._text)

    @cached_property
    def search_errors(self) -> list[tuple[SearchError, list[Link]]]:
        """Each error with links to the same search with a replacement for the wrong part."""
        return [(error, list(_fixes(self.query, error))) for error in self.error.search_errors]

    @property
    def filter_errors(self) -> list[FieldError]:
        return self.error.other_errors

    @property
    def segments(self) -> Iterator[Segment]:
        """The search text in parts."""
        at = 0
        for error in self.error.search_errors:
            if error.start >= at:
                yield Segment(self._text[at : error.start], is_wrong=False)
                wrong = self._text[error.start : error.end]
                yield Segment(displayable(wrong), is_wrong=True)
                at = error.end
        yield Segment(displayable(self._text[at:]), is_wrong=False)

    @cached_property
    def job_filter(self) -> JobFilter:
        """The list without the search."""
        other = self.query.copy()
        for name in ("q", "search", "cursor"):
            other.pop(name, None)
        try:
            return JobFilter.parse(other)
        except InvalidQuery:
            return JobFilter()

    @property
    def tabs(self) -> Iterator[Link]:
        """Without counts: the search has not been run."""
        selected = self.query.getlist("status")
        yield Link("All", _tab(self.query, []), current=not selected)
        for status in StatusType:
            target = _tab(self.query, [status.value])
            yield Link(status.label, target, current=status.value in selected, status=status)

    @property
    def _text(self) -> str:
        return self.query.get("q", "")


def _fixes(query: QueryDict, error: SearchError) -> Iterator[Link]:
    text = query.get("q", "")
    for suggestion in error.suggestions:
        is_name = suggestion.startswith('"')
        label = f"{isolated(suggestion)} in names" if is_name else suggestion or "Remove it"
        fixed = _with(query, q=text[: error.start] + suggestion + text[error.end :])
        if fits(fixed):
            yield Link(label, fixed)


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
