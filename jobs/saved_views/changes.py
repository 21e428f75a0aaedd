"""Changes of saved views. Positions have no gaps, and one view of a list at most is the default, whatever runs at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, connection
from django.db.transaction import atomic

from jobs.advisory_locks import ORDER_VIEWS
from jobs.changes.versions import VersionMismatch, Versions
from jobs.limits import MAX_VIEWS
from jobs.saved_views.rows import EVERYBODY, ONE, VIEW_ROW, Viewer, ViewRow, fetch_view

# As for jobs: it advances with every change, also if the clock is set back.
NEXT_VERSION: Final = (
    "updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')"
)
STORED: Final = ("name", "statuses", "q", "ordering", "page_size", "columns", "is_default")
INSERT: Final = f"""
INSERT INTO saved_view ({", ".join(STORED)}, position, is_shared, owner_id, created_at, updated_at)
SELECT {", ".join(f"%({name})s" for name in STORED)}, %(position)s, %(is_shared)s, %(owner)s, at, at FROM (SELECT clock_timestamp() AS at) AS moment
RETURNING {VIEW_ROW}
"""
LOCKED: Final = f"{ONE} FOR UPDATE"
# The views between the old and the new position make room, each by one.
MOVE: Final = f"""
UPDATE saved_view
SET position = CASE WHEN id = %(id)s THEN %(to)s ELSE position + sign(%(from)s - %(to)s)::int END, {NEXT_VERSION}
WHERE place = %(place)s AND position BETWEEN least(%(from)s, %(to)s) AND greatest(%(from)s, %(to)s)
"""
CLEAR_DEFAULT: Final = f"UPDATE saved_view SET is_default = false, {NEXT_VERSION} WHERE is_default AND place = %s AND id <> %s"
CLOSE_GAP: Final = f"UPDATE saved_view SET position = position - 1, {NEXT_VERSION} WHERE place = %s AND position > %s"
COUNT: Final = "SELECT count(*) FROM saved_view WHERE place = %s"
# To the end of the other list, which may have a default already. A view without an owner becomes that of whoever takes it.
SHARE: Final = f"""
UPDATE saved_view
SET is_shared = %(is_shared)s, owner_id = coalesce(owner_id, %(user)s), position = %(position)s, is_default = false, {NEXT_VERSION}
WHERE id = %(id)s
RETURNING {VIEW_ROW}
"""
SHARED: Final = 0


class NameTaken(Exception):
    """Another view has this name, or one with the same key."""


class TooManyViews(Exception):
    """There are MAX_VIEWS views in the list already."""


class NotYours(Exception):
    """The view is another user's: it is shared, and neither its maker nor an admin changes it."""


class ViewVersionMismatch(VersionMismatch):
    """The view exists, but its version is none of the expected ones."""

    resource = "view"


def create_view(values: Mapping[str, Any], viewer: Viewer = EVERYBODY) -> ViewRow:
    """Stores the view after all others of its list: the viewer's own, unless it is shared. Raises NameTaken or TooManyViews."""
    is_shared = viewer.user_id is None or bool(values.get("is_shared"))
    place = SHARED if is_shared else viewer.user_id
    with _alone(), _unique_name():
        position = _next_position(place)
        if values["is_default"]:
            _run(CLEAR_DEFAULT, [place, 0])
        stored = {name: values[name] for name in STORED}
        own = {"position": position, "is_shared": is_shared, "owner": viewer.user_id}
        view = fetch_view(INSERT, stored | own)
    assert view is not None
    return view


def change_view(
    view_id: int,
    values: Mapping[str, Any],
    versions: Versions | None = None,
    viewer: Viewer = EVERYBODY,
) -> ViewRow | None:
    """Sets these columns; a position beyond the last one is the last one. None if there is no such view.

    Raises NotYours, NameTaken, TooManyViews, or ViewVersionMismatch if `versions` are given and the view's is not among them.
    """
    with _alone(), _unique_name():
        view = _locked(view_id, versions, viewer)
        if view is None:
            return None
        if values.get("is_shared", view.is_shared) != view.is_shared:
            view = _share(view, values["is_shared"], viewer)
        stored = {name: value for name, value in values.items() if name in STORED}
        if stored.get("is_default"):
            _run(CLEAR_DEFAULT, [view.place, view_id])
        if "position" in values:
            target = min(values["position"], _run(COUNT, [view.place])[0][0])
            moved = {"id": view_id, "place": view.place, "from": view.position, "to": target}
            _run(MOVE, moved)
        assignments = "".join(f"{name} = %({name})s, " for name in stored)
        sql = f"UPDATE saved_view SET {assignments}{NEXT_VERSION} WHERE id = %(id)s RETURNING {VIEW_ROW}"
        return fetch_view(sql, {**stored, "id": view_id})


def remove_view(view_id: int, versions: Versions | None = None, viewer: Viewer = EVERYBODY) -> bool:
    """Deletes the view; returns whether it existed. Raises NotYours or ViewVersionMismatch."""
    with _alone():
        view = _locked(view_id, versions, viewer)
        if view is None:
            return False
        _run("DELETE FROM saved_view WHERE id = %s", [view_id])
        _run(CLOSE_GAP, [view.place, view.position])
        return True


def _share(view: ViewRow, is_shared: bool, viewer: Viewer) -> ViewRow:
    owner = view.owner_id or viewer.user_id
    position = _next_position(SHARED if is_shared else owner)
    values = {"id": view.id, "is_shared": is_shared, "user": owner, "position": position}
    moved = fetch_view(SHARE, values)
    _run(CLOSE_GAP, [view.place, view.position])
    assert moved is not None
    return moved


def _next_position(place: int | None) -> int:
    """After all others of the list. Raises TooManyViews."""
    number: int = _run(COUNT, [place])[0][0]
    if number >= MAX_VIEWS:
        raise TooManyViews
    return number + 1


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


def _locked(view_id: int, versions: Versions | None, viewer: Viewer) -> ViewRow | None:
    view = fetch_view(LOCKED, [view_id, viewer.user_id])
    if view is not None and not view.may_change(viewer):
        raise NotYours
    if view is not None and versions is not None and view.updated_at not in versions:
        raise ViewVersionMismatch
    return view


def _run(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
