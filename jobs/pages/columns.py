"""The columns of the job table: which are shown, and in which order. A cookie remembers the choice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.http import HttpRequest

from jobs.filters import COLUMNS
from jobs.table_columns import LABELS, REQUIRED

COOKIE: Final = "columns"
SEPARATOR: Final = "."
HIDDEN: Final = "-"


class ShownColumn(NamedTuple):
    """A column in its place. A hidden one is part of each row too, so that showing it requires no request."""

    name: str
    label: str
    is_hidden: bool = False
    can_be_hidden: bool = True


Layout = tuple[ShownColumn, ...]


def _layout(names: Iterable[str], hidden: frozenset[str] = frozenset()) -> Layout:
    return tuple(
        ShownColumn(name, LABELS[name], name in hidden, name not in REQUIRED) for name in names
    )


DEFAULT: Final = _layout(LABELS)


def parse_layout(text: str) -> Layout:
    """`name.current_status.-duration.created_at.updated_at`: each column once, `-` for hidden. Otherwise DEFAULT."""
    if len(text) > 100:
        return DEFAULT
    parts = text.split(SEPARATOR)
    names = [part.removeprefix(HIDDEN) for part in parts]
    hidden = frozenset(name for name, part in zip(names, parts, strict=True) if name != part)
    if sorted(names) != sorted(LABELS) or hidden & REQUIRED:
        return DEFAULT
    return _layout(names, hidden)


def parse_shown(text: str) -> Layout | None:
    """`current_status,name,duration`: those that are shown, in order. None if the text names no such columns.

    Columns that do not exist are left out: a view may be older than the release.
    """
    shown = list(dict.fromkeys(name for name in text[:200].split(",") if name in LABELS))
    if not set(shown) >= REQUIRED:
        return None
    others = [name for name in LABELS if name not in shown]
    return _layout([*shown, *others], frozenset(others))


def layout(request: HttpRequest) -> Layout:
    """The columns in the URL, or else those that the viewer has chosen."""
    if found := parse_shown(request.GET.get(COLUMNS, "")):
        return found
    text = request.COOKIES.get(COOKIE)
    return parse_layout(text) if text else DEFAULT
