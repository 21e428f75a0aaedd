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
from jobs.search.terms import ANY_NAME, FIELDS, NAME, STATUS, closest_field
from jobs.statuses import StatusType

AND: Final = frozenset({"AND", "&&", "&"})
NOT: Final = frozenset({"NOT", "!"})
UNKNOWN_FIELD: Final = re.compile(r"([A-Za-z_]{2,20}):(\S+)", re.ASCII)
SORT: Final = re.compile(r"(?:sort|order|ordering|order_?by|sort_?by)[:=](-?)(\S+)", re.I)
SORTS: Final = {"created", "updated", "name"}
AGES: Final = {"newest": "-created_at", "latest": "-created_at", "oldest": "created_at"}
# What other tools call our filters. These words are refused nowhere: names may contain `time:12`.
OTHER_NAMES: Final = {
    **dict.fromkeys(("age", "submitted", "added", "since", "date"), "created"),
    **dict.fromkeys(("changed", "modified", "finished", "ended"), "updated"),
    **dict.fromkeys(("dur", "time", "running", "length", "run"), "duration"),
    **dict.fromkeys(("queue", "pending", "delay"), "waited"),
    **dict.fromkeys(("job", "number", "no"), "id"),
    **dict.fromkeys(("is", "in"), "status"),
}
NO_COLON: Final = re.compile(r"([A-Za-z]{2,12})(=?)([<>]=?|≥|≤|)(\w.*)", re.S)
NUMBER: Final = re.compile(r"-[0-9]\S*", re.ASCII)
PATTERN_SIGNS: Final = "()[]{}*?%"
QUOTES: Final = '"“”'
WILDCARDS: Final = re.compile(r"[*?%]+")


@dataclass(frozen=True)
class Hint:
    """One line, with a link to the corrected search."""

    text: str
    link: Link


def search_hints(job_filter: JobFilter, *, is_empty: bool) -> list[Hint]:
    """At most one for each term. Of a list that is not empty, only those that hardly any name explains."""
    terms, hints, at = job_filter.q.terms, [], 0
    while at < len(terms):
        hint, size = _hint_at(job_filter, at, is_empty=is_empty)
        hints += [hint] if hint else []
        at += size
    return hints


def _hint_at(job_filter: JobFilter, place: int, *, is_empty: bool) -> tuple[Hint | None, int]:
    """The hint about the term at this place, and how many terms it is about."""
    term = job_filter.q.terms[place]
    if term.field not in (NAME, ANY_NAME) or term.is_excluded:
        return None, 1
    if hint := _operator_hint(job_filter, place, term):
        return hint, 1
    if not is_empty:
        return None, 1
    for size in (3, 2, 1):
        if hint := _missing_colon(job_filter, place, size):
            return hint, size
    return _name_hint(job_filter, term), 1


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


def _missing_colon(job_filter: JobFilter, place: int, size: int) -> Hint | None:
    """`status=failed`, and `duration > 1h`, which is three words."""
    parts = job_filter.q.terms[place : place + size]
    if len(parts) < size or any(part.field is not NAME or part.is_excluded for part in parts):
        return None
    match = NO_COLON.fullmatch("".join(part.value for part in parts))
    if not match or not (match[2] or match[3]):
        return None
    field = closest_field(match[1])
    meant = field and _parsed(f"{field.name}:{match[3]}{match[4]}")
    if not meant or any(term.field is NAME for term in meant):
        return None
    text = (
        f"“{' '.join(part.value for part in parts)}” is searched in names. A filter needs a colon."
    )
    terms = job_filter.q.terms
    return _hint(job_filter, text, normalize([*terms[:place], *meant, *terms[place + size :]]))


def _name_hint(job_filter: JobFilter, term: Term) -> Hint | None:
    if term.field is ANY_NAME:
        return _statuses(job_filter, term) or _stripped(job_filter, term)
    if status := _status(term.value):
        text = f"“{term.value}” is searched in names. Did you mean a status?"
        return _hint(job_filter, text, _replaced(job_filter.q, term, [Term(STATUS, (status,))]))
    if sort := SORT.fullmatch(term.value):
        return _sorted(job_filter, term, sort)
    if unknown := UNKNOWN_FIELD.fullmatch(term.value):
        return _unknown_field(job_filter, term, unknown)
    if NUMBER.fullmatch(term.value):
        text = f"“{term.value}” is searched in names. To exclude a number, put it in quotes."
        excluded = [Term(NAME, term.value[1:], is_excluded=True)]
        return _hint(job_filter, text, _replaced(job_filter.q, term, excluded))
    if any(character.isspace() for character in term.value):
        return _unquoted(job_filter, term)
    return _stripped(job_filter, term)


def _statuses(job_filter: JobFilter, term: Term) -> Hint | None:
    """`failed OR pending`"""
    statuses = [_status(name) for name in term.value]
    if not all(statuses):
        return None
    text = f"“{' OR '.join(term.value)}” is searched in names. Did you mean statuses?"
    value = STATUS.merge(tuple(status for status in statuses if status), ())
    return _hint(job_filter, text, _replaced(job_filter.q, term, [Term(STATUS, value)]))


def _unknown_field(job_filter: JobFilter, term: Term, unknown: re.Match[str]) -> Hint:
    if unknown[1].lower() in FIELDS and (filters := _parsed(term.value)):
        text = f"In quotes, “{unknown[1]}:” is searched in names. Did you mean the filter?"
        return _hint(job_filter, text, _replaced(job_filter.q, term, [*filters]))
    known = ", ".join(f"{name}:" for name in FIELDS)
    text = f"“{unknown[1]}:” isn’t a filter, so it is searched in names. Filters: {known}."
    other = OTHER_NAMES.get(unknown[1].lower())
    meant = _parsed(f"{other}:{unknown[2]}") if other else None
    words = [Term(NAME, unknown[2])] if unknown[2][0].isalnum() else []
    return _hint(job_filter, text, _replaced(job_filter.q, term, [*(meant or words)]))


def _status(word: str) -> StatusType | None:
    """The status with this label or synonym, not one that only starts with the word."""
    found = suggest_statuses(word)
    if len(found) == 1 and word.lower() in {found[0].label.lower(), *found[0].traits.synonyms}:
        return found[0]
    return None


def _sorted(job_filter: JobFilter, term: Term, sort: re.Match[str]) -> Hint:
    """Times are sorted from the newest, unless the text says otherwise."""
    column, without = sort[2].lower().removesuffix("_at"), job_filter.q.without(term)
    text = f"“{term.value}” is searched in names. The headings of the table sort it."
    ordering = AGES.get(column)
    if column in SORTS:
        is_time = column != "name"
        sign = "-" if is_time != (sort[1] == "-") else ""
        ordering = f"{sign}{column}{'_at' if is_time else ''}"
    if ordering is None:
        text = f"“{term.value}” is searched in names. The list can be sorted by name, created or updated."
        return _hint(job_filter, text, without)
    query = job_filter.query_string(q=without, ordering=ordering)
    label = column if column in SORTS else "created"
    return Hint(text, Link(f"Sort by {label}", query))


def _unquoted(job_filter: JobFilter, term: Term) -> Hint | None:
    """A quote that is not closed takes in the filters after it, or words that were not meant as a phrase."""
    parts = _parsed(term.value)
    if parts is None:
        return None
    text = f"“{term.value}” is searched in names. Is a closing quote missing?"
    if all(part.field in (NAME, ANY_NAME) for part in parts):
        text = f"“{term.value}” is searched in names as one phrase. Without quotes, its words may be anywhere."
        return _hint(job_filter, text, _replaced(job_filter.q, term, [*parts]))
    words = " ".join(part.value for part in parts if part.field is NAME)
    others = [part for part in parts if part.field is not NAME]
    names = [Term(NAME, words)] if words else []
    return _hint(job_filter, text, _replaced(job_filter.q, term, [*names, *others]))


def _stripped(job_filter: JobFilter, term: Term) -> Hint | None:
    """Parentheses do not group, parts of names need no asterisks, and a quote inside a word begins no phrase."""
    names = term.value if term.field is ANY_NAME else (term.value,)
    text = "Parentheses and wildcards are searched in names. Any part of a name matches."
    stripped = [name.strip(PATTERN_SIGNS) for name in names]
    if stripped == list(names):
        text = "A quotation mark inside a word is searched in names. Put quotes around a phrase."
        stripped = [name.strip(QUOTES) for name in names]
    if not all(stripped):
        return None
    if term.field is ANY_NAME:
        values = [Term(ANY_NAME, tuple(stripped))]
    else:
        values = [Term(NAME, part) for part in WILDCARDS.split(stripped[0]) if part]
        if len(values) > 1:
            text = "Wildcards are searched in names. Words match anywhere in a name, in any order."
    if values == [term]:
        return None
    return _hint(job_filter, text, _replaced(job_filter.q, term, values))


def _parsed(text: str) -> tuple[Term, ...] | None:
    """None if the text is not valid."""
    try:
        return parse(text).terms or None
    except InvalidQuery:
        return None


def _replaced(q: SearchQuery, term: Term, others: list[Term]) -> SearchQuery:
    at = q.terms.index(term)
    return normalize([*q.terms[:at], *others, *q.terms[at + 1 :]])


def _hint(job_filter: JobFilter, text: str, q: SearchQuery) -> Hint:
    return Hint(text, Link(str(q) or "Show all jobs", job_filter.query_string(q=q)))
