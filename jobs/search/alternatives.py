"""Alternatives in a search: the terms around each OR, joined into one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

from jobs.mistakes import SearchError
from jobs.search.query import Term
from jobs.search.terms import ALTERNATIVES, ID, STATUS
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
    """One term for two parts of a name, two labels or two keys; None for anything else."""
    field = ALTERNATIVES.get(other.field)
    if field is None or one.field not in (other.field, field):
        return None
    if one.is_excluded or other.is_excluded:
        return None
    unique: dict[Hashable, Any] = {}
    for value in [*(one.value if one.field is field else [one.value]), other.value]:
        unique.setdefault(other.field.key(value), value)
    return one if len(unique) == 1 else Term(field, tuple(unique.values()))


def _incomplete(token: Token) -> SearchError:
    detail = f"{token.text} needs a part of a name, a label or a key on each side, as in turbine {token.text} wing."
    return _error(token, "incomplete", detail)


def _misplaced(token: Token) -> SearchError:
    detail = (
        f"{token.text} joins parts of names, as in turbine {token.text} wing, labels, keys, statuses, or IDs,"
        " but not different filters, nor what is excluded."
    )
    return _error(token, "misplaced_or", detail)


def _error(token: Token, code: str, detail: str) -> SearchError:
    return SearchError("q", code, detail, token.start, token.end, (f'"{token.text}"',))
