"""Hints about words that are searched in names although they look like something else, each with its correction.

A search that may be meant is never refused: these are names, and the list below the hint shows what they find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from jobs.filters import JobFilter
from jobs.mistakes import InvalidQuery
from jobs.pages.navigation import Link
from jobs.search.parser import parse
from jobs.search.query import SearchQuery, Term, normalize
from jobs.search.suggestions import suggest_statuses
from jobs.search.terms import ANY_NAME, FIELDS, NAME, STATUS
from jobs.statuses import StatusType

AND: Final = frozenset({"AND", "&&", "&"})
NOT: Final = frozenset({"NOT", "!"})
UNKNOWN_FIELD: Final = re.compile(r"([A-Za-z_]{2,20}):(\S+)", re.ASCII)
SORT: Final = re.compile(
    r"(?:sort|order|ordering|order_?by):(-?)(created|updated|name)(?:_at)?", re.I
)
NUMBER: Final = re.compile(r"-[0-9]\S*", re.ASCII)
PATTERN_SIGNS: Final = "()[]{}*?%"


@dataclass(frozen=True)
class Hint:
    """One line, with a link to the corrected search."""

    text: str
    link: Link


def search_hints(job_filter: JobFilter, *, is_empty: bool) -> list[Hint]:
    """At most one for each term. Of a list that is not empty, only those that hardly any name explains."""
    q = job_filter.q
    hints = (
        _operator_hint(job_filter, place, term)
        or (_name_hint(job_filter, term) if is_empty else None)
        for place, term in enumerate(q.terms)
        if term.field in (NAME, ANY_NAME) and not term.is_excluded
    )
    return [hint for hint in hints if hint]


def _operator_hint(job_filter: JobFilter, place: int, term: Term) -> Hint | None:
    terms = job_filter.q.terms
    if term.value in AND and len(terms) > 1:
        text = f"“{term.value}” is searched in names. All words must match anyway."
        return _hint(job_filter, text, job_filter.q.without(term))
    if term.value in NOT and place + 1 < len(terms):
        text = f"“{term.value}” is searched in names. A minus sign excludes."
        following = replace(terms[place + 1], is_excluded=True)
        return _hint(job_filter, text, normalize([*terms[:place], following, *terms[place + 2 :]]))
    return None


def _name_hint(job_filter: JobFilter, term: Term) -> Hint | None:
    if term.field is ANY_NAME:
        return _stripped(job_filter, term)
    if status := _status(term.value):
        text = f"“{term.value}” is searched in names. Did you mean a status?"
        return _hint(job_filter, text, _replaced(job_filter.q, term, [Term(STATUS, (status,))]))
    if sort := SORT.fullmatch(term.value):
        return _sorted(job_filter, term, sort)
    if unknown := UNKNOWN_FIELD.fullmatch(term.value):
        known = ", ".join(f"{name}:" for name in FIELDS)
        text = f"“{unknown[1]}:” isn’t a filter, so it is searched in names. Filters: {known}."
        words = [Term(NAME, unknown[2])] if unknown[2][0].isalnum() else []
        return _hint(job_filter, text, _replaced(job_filter.q, term, words))
    if NUMBER.fullmatch(term.value):
        text = f"“{term.value}” is searched in names. To exclude a number, put it in quotes."
        excluded = [Term(NAME, term.value[1:], is_excluded=True)]
        return _hint(job_filter, text, _replaced(job_filter.q, term, excluded))
    if any(character.isspace() for character in term.value):
        return _unquoted(job_filter, term)
    return _stripped(job_filter, term)


def _status(word: str) -> StatusType | None:
    """The status with this label or synonym, not one that only starts with the word."""
    found = suggest_statuses(word)
    if len(found) == 1 and word.lower() in {found[0].label.lower(), *found[0].traits.synonyms}:
        return found[0]
    return None


def _sorted(job_filter: JobFilter, term: Term, sort: re.Match[str]) -> Hint:
    """Times are sorted from the newest, unless the text says otherwise."""
    column = sort[2].lower()
    is_time = column != "name"
    descending = is_time != (sort[1] == "-") if is_time else sort[1] == "-"
    ordering = f"{'-' if descending else ''}{column}{'_at' if is_time else ''}"
    query = job_filter.query_string(q=job_filter.q.without(term), ordering=ordering)
    text = f"“{term.value}” is searched in names. The headings of the table sort it."
    return Hint(text, Link(f"Sort by {column}", query))


def _unquoted(job_filter: JobFilter, term: Term) -> Hint | None:
    """A quote that is not closed takes in the filters after it."""
    try:
        parts = parse(term.value).terms
    except InvalidQuery:
        return None
    if all(part.field in (NAME, ANY_NAME) for part in parts):
        return None
    text = f"“{term.value}” is searched in names. Is a closing quote missing?"
    words = " ".join(part.value for part in parts if part.field is NAME)
    others = [part for part in parts if part.field is not NAME]
    names = [Term(NAME, words)] if words else []
    return _hint(job_filter, text, _replaced(job_filter.q, term, [*names, *others]))


def _stripped(job_filter: JobFilter, term: Term) -> Hint | None:
    """Parentheses do not group, and parts of names need no asterisks."""
    names = term.value if term.field is ANY_NAME else (term.value,)
    stripped = [name.strip(PATTERN_SIGNS) for name in names]
    if not all(stripped) or stripped == list(names):
        return None
    text = "Parentheses and wildcards are searched in names. Any part of a name matches."
    value = Term(ANY_NAME, tuple(stripped)) if len(names) > 1 else Term(NAME, stripped[0])
    return _hint(job_filter, text, _replaced(job_filter.q, term, [value]))


def _replaced(q: SearchQuery, term: Term, others: list[Term]) -> SearchQuery:
    at = q.terms.index(term)
    return normalize([*q.terms[:at], *others, *q.terms[at + 1 :]])


def _hint(job_filter: JobFilter, text: str, q: SearchQuery) -> Hint:
    return Hint(text, Link(str(q) or "Show all jobs", job_filter.query_string(q=q)))
