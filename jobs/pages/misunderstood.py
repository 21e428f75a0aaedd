"""A search that was not understood: its text with the wrong parts marked, and links that put it right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from jobs.filters import JobFilter
from jobs.grammar import UNSTORABLE
from jobs.pages.lengths import fits
from jobs.pages.navigation import Link
from jobs.paging import InvalidFilter, QueryMistake
from jobs.statuses import StatusType


@dataclass(frozen=True)
class Piece:
    text: str
    wrong: bool


@dataclass(frozen=True)
class Doubt:
    """One wrong part: what is wrong with it, and the same search with something else in its place."""

    detail: str
    fixes: list[Link]


def misunderstood(query: QueryDict, mistakes: Iterable[QueryMistake]) -> dict[str, Any]:
    """What the list shows in place of its table; the controls around it go on with the text as it is."""
    text = query.get("q", "")
    ordered = sorted(mistakes, key=lambda mistake: mistake.start)
    return {
        "search_text": UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text),
        "pieces": list(_pieces(text, ordered)),
        "doubts": [Doubt(mistake.detail, list(_fixes(query, mistake))) for mistake in ordered],
        "job_filter": _all_but_the_search(query),
        "tabs": list(_tabs(query)),
    }


def _pieces(text: str, mistakes: list[QueryMistake]) -> Iterator[Piece]:
    at = 0
    for mistake in mistakes:
        if mistake.start >= at:
            yield Piece(text[at : mistake.start], wrong=False)
            yield Piece(
                UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text[mistake.start : mistake.end]),
                wrong=True,
            )
            at = mistake.end
    yield Piece(UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text[at:]), wrong=False)


def _fixes(query: QueryDict, mistake: QueryMistake) -> Iterator[Link]:
    text = query.get("q", "")
    for meant in mistake.meant:
        label = f"{meant} in names" if meant.startswith('"') else meant or "Leave it out"
        fixed = _with(query, q=text[: mistake.start] + meant + text[mistake.end :])
        if fits(fixed):
            yield Link(label, fixed)


def _tabs(query: QueryDict) -> Iterator[Link]:
    """Without counts: nothing has been asked."""
    chosen = query.getlist("status")
    yield Link("All", _tab(query, []), current=not chosen)
    for status in StatusType:
        there = _tab(query, [status.value])
        yield Link(status.label, there, current=status.value in chosen, status=status.value)


def _tab(query: QueryDict, statuses: list[str]) -> str:
    """Without the search where that does not fit beside the status."""
    there = _with(query, status=statuses)
    return there if fits(there) else _with(query, status=statuses, q=[])


def _with(query: QueryDict, **changes: str | list[str]) -> str:
    """The query string with changes, from its first page."""
    other = query.copy()
    other.pop("cursor", None)
    for name, value in changes.items():
        other.setlist(name, value if isinstance(value, list) else [value])
    pairs = [(name, value) for name, values in other.lists() for value in values]
    return urlencode(pairs, safe=":,")  # a blank as one byte: QueryDict's own makes three of it


def _all_but_the_search(query: QueryDict) -> JobFilter:
    other = query.copy()
    for name in ("q", "search", "cursor"):
        other.pop(name, None)
    try:
        return JobFilter.parse(other)
    except InvalidFilter:
        return JobFilter()
