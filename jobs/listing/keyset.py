"""Keyset pagination, used by the API and the pages: a page costs the same at any depth.

A page is found by comparing whole sort keys with that of the last row seen, never with OFFSET. The key ends in the
id, so that rows with equal sort values are neither repeated nor skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from django.core.signing import BadSignature, Signer

Row = TypeVar("Row")
Key: TypeAlias = tuple[Any, ...]
Reader: TypeAlias = "Callable[[Window], Batch[Row]]"

AFTER, BEFORE, START, END = "after", "before", "start", "end"


class InvalidCursor(ValueError):
    """The cursor is malformed or belongs to another list."""


@dataclass(frozen=True)
class SortColumn:
    """A sort column: its SQL, the field of a row with its value, and the SQL placeholder for that value."""

    sql: str
    field: str
    value: str = "%s"


@dataclass(frozen=True)
class Ordering:
    """A total order: the last column is unique, and all are ascending or all descending."""

    columns: tuple[SortColumn, ...]
    descending: bool = False

    def key_of(self, row: Any) -> Key:
        return tuple(getattr(row, column.field) for column in self.columns)


@dataclass(frozen=True)
class Window:
    """The part of a list that a page reads: at most `size` rows beyond the key, nearest first."""

    ordering: Ordering
    key: Key
    backwards: bool
    size: int

    @property
    def order_by(self) -> str:
        """SQL, without the words ORDER BY."""
        direction = "DESC" if self.is_descending else "ASC"
        return ", ".join(f"{column.sql} {direction}" for column in self.ordering.columns)

    @property
    def beyond_key(self) -> str:
        """The SQL condition, whose parameters are `key`.

        It is a row comparison, which is a single index range: spelled out with OR, it makes PostgreSQL read every row
        before the page.
        """
        if not self.key:
            return "TRUE"
        names = ", ".join(column.sql for column in self.ordering.columns)
        values = ", ".join(column.value for column in self.ordering.columns)
        return f"({names}) {'<' if self.is_descending else '>'} ({values})"

    @property
    def is_descending(self) -> bool:
        """Whether the window is read in descending order."""
        return self.ordering.descending != self.backwards


@dataclass(frozen=True)
class Batch(Generic[Row]):
    """The rows of a window, nearest first; all of them, unless reading stopped at a key.

    Then `scanned` rows of the list were read up to that key; what lies beyond it is unknown.
    """

    rows: list[Row]
    stopped_at: Key | None = None
    scanned: int = 0


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in the order of the list, and the cursors of the next and the previous page, or None.

    If reading stopped before the page was full, `scanned` is the number of rows that were read, and
    `continue_cursor`, one of the two, continues from there.
    """

    rows: list[Row]
    next: str | None
    previous: str | None
    scanned: int | None = None
    continue_cursor: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether this page is the whole list."""
        return self.next is None and self.previous is None and self.scanned is None


def last_page(scope: str) -> str:
    """The cursor of the list's last page."""
    return _sign([END], scope)


def cursor_after(row: Any, ordering: Ordering, scope: str) -> str:
    """The cursor of the page that starts after the row."""
    return _sign([AFTER, *ordering.key_of(row)], scope)


def is_valid(cursor: str, scope: str) -> bool:
    """Whether the cursor was made for the list with this scope."""
    try:
        _read(cursor, scope)
    except InvalidCursor:
        return False
    return True


def paginate(
    read: Reader[Row], ordering: Ordering, size: int, cursor: str | None, scope: str
) -> Page[Row]:
    """The page at the cursor, or the first page; at most `size` rows.

    `read` returns a window of the list. `scope` identifies the list (its filter and ordering): a cursor of
    another scope raises InvalidCursor.
    """
    position, *key = (START,) if cursor is None else _read(cursor, scope)
    backwards = position in {BEFORE, END}
    found = read(Window(ordering, tuple(key), backwards, size + 1))
    rows = found.rows[:size]
    ahead = ordering.key_of(rows[-1]) if len(found.rows) > size else found.stopped_at
    # The cursor was made from a row on that side, which exists unless it has been deleted since.
    back = None
    if position in {AFTER, BEFORE}:
        back = ordering.key_of(rows[0]) if rows else found.stopped_at

    def neighbor(position: str, key: Key | None) -> str | None:
        return None if key is None else _sign([position, *key], scope)

    if backwards:
        rows.reverse()
        next_page, previous_page = neighbor(AFTER, back), neighbor(BEFORE, ahead)
    else:
        next_page, previous_page = neighbor(AFTER, ahead), neighbor(BEFORE, back)
    if not rows and found.stopped_at is None:
        # There are no rows beyond the cursor: the way back starts at that end of the list.
        next_page = _sign([START], scope) if position == BEFORE else None
        previous_page = _sign([END], scope) if position == AFTER else None
    if found.stopped_at is None:
        return Page(rows, next_page, previous_page)
    continue_cursor = previous_page if backwards else next_page
    return Page(rows, next_page, previous_page, found.scanned, continue_cursor)


def _sign(content: list[Any], scope: str) -> str:
    return _signer(scope).sign_object(content)


def _read(cursor: str, scope: str) -> list[Any]:
    try:
        content: list[Any] = _signer(scope).unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        raise InvalidCursor("The cursor is not valid for this list.") from error
    return content


def _signer(scope: str) -> Signer:
    # The scope is part of the signature, not of the content: it adds no bytes to a cursor and is always checked.
    return Signer(salt=f"jobs.keyset {scope}", sep=".")
