"""The one pagination, used by both doors: pages that cost the same at any depth.

A page is found by comparing whole sort keys with the last row seen, never by counting rows off. The key ends
in the id, so that equal sort values neither repeat nor hide a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db import models

Row = TypeVar("Row")

AFTER, BEFORE, END = "after", "before", "end"


class InvalidCursor(ValueError):
    """A cursor that was not made here, or was made for another list."""


@dataclass(frozen=True)
class Ordering:
    """A total order: fields of the queryset, the last of them unique, all ascending or all descending."""

    fields: tuple[str, ...]
    descending: bool = False

    def sort(self, queryset: models.QuerySet[Any], *, backwards: bool) -> models.QuerySet[Any]:
        sign = "-" if self.descending != backwards else ""
        return queryset.order_by(*(f"{sign}{field}" for field in self.fields))

    def beyond(self, key: Sequence[Any], *, backwards: bool) -> RowComparison:
        """The rows that come after the key; before it, seen backwards."""
        operator = "<" if self.descending != backwards else ">"
        return RowComparison(self.fields, operator, key)

    def key_of(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, field) for field in self.fields)


class RowComparison(models.Func):
    """`(a, b) < (x, y)`, which one index range answers.

    Written out with OR, PostgreSQL reads every row up to the page instead.
    """

    output_field = models.BooleanField()
    template = "%(expressions)s"

    def __init__(self, fields: Sequence[str], operator: str, key: Sequence[Any]) -> None:
        left = SqlRow(*(models.F(field) for field in fields))
        right = SqlRow(*(models.Value(value) for value in key))
        super().__init__(left, right, arg_joiner=f" {operator} ")


class SqlRow(models.Func):
    template = "(%(expressions)s)"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in the list's order, and the cursors of its neighbours: None where there is none."""

    rows: list[Row]
    next: str | None
    previous: str | None


def last_page(scope: str) -> str:
    """The cursor of the list's last page."""
    return _sign([END], scope)


def paginate(
    branches: Sequence[models.QuerySet[Any]],
    ordering: Ordering,
    size: int,
    cursor: str | None,
    scope: str,
) -> Page[Any]:
    """The page at the cursor, from the start without one. One query; `size` rows at the most.

    `branches` are querysets without a common row, whose union is the list: each is read through its own
    index, `size` rows at the most, and the results are merged. `scope` names the list (its filter and
    ordering): a cursor of another scope raises InvalidCursor.
    """
    position, key = _read(cursor, ordering, scope) if cursor else (None, ())
    backwards = position in {BEFORE, END}
    parts = [
        ordering.sort(
            branch.filter(ordering.beyond(key, backwards=backwards)) if key else branch,
            backwards=backwards,
        )[: size + 1]
        for branch in branches
    ]
    found = parts[0]
    if len(parts) > 1:
        union = parts[0].union(*parts[1:], all=True)
        found = ordering.sort(union, backwards=backwards)[: size + 1]
    rows = list(found)
    more = len(rows) > size
    del rows[size:]
    if backwards:
        rows.reverse()
    # The row a cursor came from stands on the side it was left by, unless it has been deleted since.
    has_next = position == BEFORE if backwards else more
    has_previous = more if backwards else position == AFTER
    return Page(
        rows,
        next=_cursor(AFTER, rows[-1], ordering, scope) if rows and has_next else None,
        previous=_cursor(BEFORE, rows[0], ordering, scope) if rows and has_previous else None,
    )


def _cursor(position: str, row: Any, ordering: Ordering, scope: str) -> str:
    key = [v.isoformat() if isinstance(v, datetime) else v for v in ordering.key_of(row)]
    return _sign([position, *key], scope)


def _sign(content: list[Any], scope: str) -> str:
    return _signer(scope).sign_object(content)


def _read(cursor: str, ordering: Ordering, scope: str) -> tuple[str, tuple[Any, ...]]:
    try:
        position, *key = _signer(scope).unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        raise InvalidCursor("This cursor was not made for this list.") from error
    return position, tuple(
        datetime.fromisoformat(value) if field.endswith("_at") else value
        for field, value in zip(ordering.fields, key, strict=False)
    )


def _signer(scope: str) -> Signer:
    # The scope is part of the signature, not of the cursor: it costs no bytes and cannot be forgotten.
    return Signer(salt=f"jobs.keyset {scope}", sep=".")
