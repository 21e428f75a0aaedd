"""The one pagination, used by both doors: pages that cost the same at any depth.

A page is found by comparing whole sort keys with the last row seen, never by counting rows off. The key ends
in the id, so that equal sort values neither repeat nor hide a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from django.core.signing import BadSignature, Signer

Row = TypeVar("Row")
Key: TypeAlias = tuple[Any, ...]
Reader: TypeAlias = "Callable[[Stretch], Found[Row]]"

AFTER, BEFORE, START, END = "after", "before", "start", "end"


class InvalidCursor(ValueError):
    """A cursor that was not made here, or was made for another list."""


@dataclass(frozen=True)
class Column:
    """What a list is sorted by: its SQL, the field of a row with its value, and how SQL takes that value."""

    sql: str
    field: str
    value: str = "%s"


@dataclass(frozen=True)
class Ordering:
    """A total order: the last column unique, all of them ascending or all descending."""

    columns: tuple[Column, ...]
    descending: bool = False

    def key_of(self, row: Any) -> Key:
        return tuple(getattr(row, column.field) for column in self.columns)


@dataclass(frozen=True)
class Stretch:
    """What a page needs of its list: at most `size` rows beyond the key, nearest first."""

    ordering: Ordering
    key: Key
    backwards: bool
    size: int

    @property
    def order_by(self) -> str:
        """SQL, without the words ORDER BY."""
        direction = "DESC" if self.falls else "ASC"
        return ", ".join(f"{column.sql} {direction}" for column in self.ordering.columns)

    @property
    def beyond_key(self) -> str:
        """The SQL condition, with `key` for its parameters.

        Rows are compared whole, which one index range answers: written out with OR, PostgreSQL reads every row
        up to the page instead.
        """
        if not self.key:
            return "TRUE"
        names = ", ".join(column.sql for column in self.ordering.columns)
        values = ", ".join(column.value for column in self.ordering.columns)
        return f"({names}) {'<' if self.falls else '>'} ({values})"

    @property
    def falls(self) -> bool:
        """Whether its rows come in descending order."""
        return self.ordering.descending != self.backwards


@dataclass(frozen=True)
class Found(Generic[Row]):
    """The rows of a stretch, nearest first: all it has, unless reading stopped at a key.

    Then `looked_through` rows of the list were read up to that key, and what lies beyond it is unknown.
    """

    rows: list[Row]
    stopped_at: Key | None = None
    looked_through: int = 0


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in the list's order, and the cursors of its neighbours: None where there is none.

    Where reading stopped before the page was full, `looked_through` says after how many rows of the list, and
    `onward` is the cursor, one of the neighbours', that goes on from there.
    """

    rows: list[Row]
    next: str | None
    previous: str | None
    looked_through: int | None = None
    onward: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the list has no other rows."""
        return self.next is None and self.previous is None and self.looked_through is None


def last_page(scope: str) -> str:
    """The cursor of the list's last page."""
    return _sign([END], scope)


def cursor_after(row: Any, ordering: Ordering, scope: str) -> str:
    """The cursor of the page that begins after the row."""
    return _sign([AFTER, *ordering.key_of(row)], scope)


def belongs(cursor: str, scope: str) -> bool:
    """Whether the cursor was made for the list named so."""
    try:
        _read(cursor, scope)
    except InvalidCursor:
        return False
    return True


def paginate(
    read: Reader[Row], ordering: Ordering, size: int, cursor: str | None, scope: str
) -> Page[Row]:
    """The page at the cursor, from the start without one; `size` rows at the most.

    `read` answers a stretch of the list. `scope` names the list (its filter and ordering): a cursor of
    another scope raises InvalidCursor.
    """
    position, *key = (START,) if cursor is None else _read(cursor, scope)
    backwards = position in {BEFORE, END}
    found = read(Stretch(ordering, tuple(key), backwards, size + 1))
    rows = found.rows[:size]
    onward = ordering.key_of(rows[-1]) if len(found.rows) > size else found.stopped_at
    # The row a cursor came from stands on the side it was left by, unless it has been deleted since.
    back = None
    if position in {AFTER, BEFORE}:
        back = ordering.key_of(rows[0]) if rows else found.stopped_at

    def neighbour(position: str, key: Key | None) -> str | None:
        return None if key is None else _sign([position, *key], scope)

    if backwards:
        rows.reverse()
        next_page, previous_page = neighbour(AFTER, back), neighbour(BEFORE, onward)
    else:
        next_page, previous_page = neighbour(AFTER, onward), neighbour(BEFORE, back)
    if not rows and found.stopped_at is None:
        # Nothing is left beyond the cursor: the way back begins at that end.
        next_page = _sign([START], scope) if position == BEFORE else None
        previous_page = _sign([END], scope) if position == AFTER else None
    if found.stopped_at is None:
        return Page(rows, next_page, previous_page)
    onward_page = previous_page if backwards else next_page
    return Page(rows, next_page, previous_page, found.looked_through, onward_page)


def _sign(content: list[Any], scope: str) -> str:
    return _signer(scope).sign_object(content)


def _read(cursor: str, scope: str) -> list[Any]:
    try:
        content: list[Any] = _signer(scope).unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        raise InvalidCursor("This cursor was not made for this list.") from error
    return content


def _signer(scope: str) -> Signer:
    # The scope is part of the signature, not of the cursor: it costs no bytes and cannot be forgotten.
    return Signer(salt=f"jobs.keyset {scope}", sep=".")
