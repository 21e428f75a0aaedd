"""Changes of saved views. Positions have no gaps, and one view at most is the default, whatever runs at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, connection
from django.db.transaction import atomic

from jobs.advisory_locks import ORDER_VIEWS
from jobs.changes.versions import VersionMismatch, Versions
from jobs.limits import MAX_VIEWS
from jobs.saved_views.rows import VIEW_ROW, ViewRow, fetch_view

# As for jobs: it advances with every change, also if the clock is set back.
NEXT_VERSION: Final = (
    "updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')"
)
STORED: Final = ("name", "statuses", "q", "ordering", "page_size", "columns", "is_default")
INSERT: Final = f"""
INSERT INTO saved_view ({", ".join(STORED)}, position, created_at, updated_at)
SELECT {", ".join(f"%({name})s" for name in STORED)}, %(position)s, at, at FROM (SELECT clock_timestamp() AS at) AS moment
RETURNING {VIEW_ROW}
"""
LOCKED: Final = f"SELECT {VIEW_ROW} FROM saved_view WHERE id = %s FOR UPDATE"
# The views between the old and the new position make room, each by one.
MOVE: Final = f"""
UPDATE saved_view
SET position = CASE WHEN id = %(id)s THEN %(to)s ELSE position + sign(%(from)s - %(to)s)::int END, {NEXT_VERSION}
WHERE position BETWEEN least(%(from)s, %(to)s) AND greatest(%(from)s, %(to)s)
"""
CLEAR_DEFAULT: Final = (
    f"UPDATE saved_view SET is_default = false, {NEXT_VERSION} WHERE is_default AND id <> %s"
)
CLOSE_GAP: Final = (
    f"UPDATE saved_view SET position = position - 1, {NEXT_VERSION} WHERE position > %s"
)


class NameTaken(Exception):
    """Another view has this name, or one with the same key."""


class TooManyViews(Exception):
    """There are MAX_VIEWS views already."""


class ViewVersionMismatch(VersionMismatch):
    """The view exists, but its version is none of the expected ones."""

    resource = "view"


def create_view(values: Mapping[str, Any]) -> ViewRow:
    """Stores the view after all others. Raises NameTaken or TooManyViews."""
    with _alone(), _unique_name():
        number = _run("SELECT count(*) FROM saved_view")[0][0]
        if number >= MAX_VIEWS:
            raise TooManyViews
        if values["is_default"]:
            _run(CLEAR_DEFAULT, [0])
        view = fetch_view(INSERT, {**values, "position": number + 1})
    assert view is not None
    return view


def change_view(
    view_id: int, values: Mapping[str, Any], versions: Versions | None = None
) -> ViewRow | None:
    """Sets these columns; a position beyond the last one is the last one. None if there is no such view.

    Raises NameTaken, or ViewVersionMismatch if `versions` are given and the view's is not among them.
    """
    with _alone(), _unique_name():
        view = _locked(view_id, versions)
        if view is None:
            return None
        stored = {name: value for name, value in values.items() if name in STORED}
        if stored.get("is_default"):
            _run(CLEAR_DEFAULT, [view_id])
        if "position" in values:
            last = _run("SELECT count(*) FROM saved_view")[0][0]
            target = min(values["position"], last)
            _run(MOVE, {"id": view_id, "from": view.position, "to": target})
        assignments = "".join(f"{name} = %({name})s, " for name in stored)
        sql = f"UPDATE saved_view SET {assignments}{NEXT_VERSION} WHERE id = %(id)s RETURNING {VIEW_ROW}"
        return fetch_view(sql, {**stored, "id": view_id})


def remove_view(view_id: int, versions: Versions | None = None) -> bool:
    """Deletes the view; returns whether it existed. Raises ViewVersionMismatch."""
    with _alone():
        view = _locked(view_id, versions)
        if view is None:
            return False
        _run("DELETE FROM saved_view WHERE id = %s", [view_id])
        _run(CLOSE_GAP, [view.position])
        return True


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction that no other change of the views runs beside: there are few, and most touch several rows."""
    with atomic():
        _run("SELECT pg_advisory_xact_lock(%s)", [ORDER_VIEWS])
        yield


@contextmanager
def _unique_name() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        diagnostics = getattr(error.__cause__, "diag", None)
        if getattr(diagnostics, "constraint_name", None) == "saved_view_name":
            raise NameTaken from error
        raise


def _locked(view_id: int, versions: Versions | None) -> ViewRow | None:
    view = fetch_view(LOCKED, [view_id])
    if view is not None and versions is not None and view.updated_at not in versions:
        raise ViewVersionMismatch
    return view


def _run(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
