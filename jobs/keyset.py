"""The one pagination, used by both doors: pages that cost the same at any depth.

A page is found by comparing whole sort keys with the last row seen, never by counting rows off. The key ends
in the id, so that equal sort values neither repeat nor hide a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from django.core.signing import BadSignature, Signer
from django.db import models

Row = TypeVar("Row")
Rows: TypeAlias = models.QuerySet[Any]
Reader: TypeAlias = "Callable[[Stretch], list[Any]]"

AFTER, BEFORE, END = "after", "before", "end"


class InvalidCursor(ValueError):
    """A cursor that was not made here, or was made for another list."""


@dataclass(frozen=True)
class Ordering:
    """A total order: fields of the queryset, the last of them unique, all ascending or all descending."""

    fields: tuple[str, ...]
    descending: bool = False

    def sort(self, queryset: Rows, *, backwards: bool) -> Rows:
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


@dataclass(frozen=True)
class Stretch:
    """What a page needs of its list: at most `size` rows beyond the key, nearest first."""

    ordering: Ordering
    key: tuple[Any, ...]
    backwards: bool
    size: int

    def beyond_key(self, queryset: Rows) -> Rows:
        """All rows of the queryset beyond the key, in no order."""
        if not self.key:
            return queryset
        return queryset.filter(self.ordering.beyond(self.key, backwards=self.backwards))

    def of(self, queryset: Rows) -> Rows:
        """The stretch of the queryset: one range of the ordering's index."""
        rows = self.ordering.sort(self.beyond_key(queryset), backwards=self.backwards)
        return rows[: self.size]


def merged(branches: Sequence[Rows]) -> Reader:
    """Reads the union of querysets without a common row, each through its own index. One query."""

    def read(stretch: Stretch) -> list[Any]:
        first, *others = [stretch.of(branch) for branch in branches]
        if not others:
            return list(first)
        union = first.union(*others, all=True)
        return list(stretch.ordering.sort(union, backwards=stretch.backwards)[: stretch.size])

    return read


def paginate(
    read: Reader, ordering: Ordering, size: int, cursor: str | None, scope: str
) -> Page[Any]:
    """The page at the cursor, from the start without one; `size` rows at the most.

    `read` answers a stretch of the list. `scope` names the list (its filter and ordering): a cursor of
    another scope raises InvalidCursor.
    """
    position, key = _read(cursor, ordering, scope) if cursor else (None, ())
    backwards = position in {BEFORE, END}
    rows = read(Stretch(ordering, key, backwards, size + 1))
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
