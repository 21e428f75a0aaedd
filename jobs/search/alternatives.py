"""Alternatives in a search: the terms around each OR, joined into one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jobs.mistakes import SearchError
from jobs.names import name_key
from jobs.search.query import Term
from jobs.search.terms import ANY_NAME, ID, NAME, STATUS
from jobs.search.tokens import Token

# Several of these are alternatives without an OR, too.
LISTS: Final = (STATUS, ID)


def join_alternatives(
    terms: list[Term], joins: Mapping[int, Token]
) -> tuple[list[Term], list[SearchError]]:
    """The terms, with those joined that have an OR between them: `joins` has each OR by the place of the term after it.

    OR binds its neighbors only: in `a b OR c`, names contain a, and b or c.
    """
    joined: list[Term] = []
    errors: list[SearchError] = []
    for place, term in enumerate(terms):
        token = joins.get(place)
        if token is None:
            joined.append(term)
        elif not joined:
            errors.append(_incomplete(token))
        elif alternative := _alternative(joined[-1], term):
            joined[-1] = alternative
        elif joined[-1].field is term.field and term.field in LISTS and not term.is_excluded:
            joined.append(term)
        else:
            errors.append(_misplaced(token))
    if last := joins.get(len(terms)):
        errors.append(_incomplete(last))
    return joined, errors


def _alternative(one: Term, other: Term) -> Term | None:
    """One term for two parts of a name; None for anything else."""
    if one.field not in (NAME, ANY_NAME) or other.field is not NAME:
        return None
    if one.is_excluded or other.is_excluded:
        return None
    names = [*(one.value if one.field is ANY_NAME else [one.value]), other.value]
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(name_key(name), name)
    return one if len(unique) == 1 else Term(ANY_NAME, tuple(unique.values()))


def _incomplete(token: Token) -> SearchError:
    detail = f"{token.text} needs a part of a name on each side, as in turbine {token.text} wing."
    return _error(token, "incomplete", detail)


def _misplaced(token: Token) -> SearchError:
    detail = (
        f"{token.text} joins parts of names, as in turbine {token.text} wing, statuses, or IDs,"
        " but not different filters, nor what is excluded."
    )
    return _error(token, "misplaced_or", detail)


def _error(token: Token, code: str, detail: str) -> SearchError:
    return SearchError("q", code, detail, token.start, token.end, (f'"{token.text}"',))
