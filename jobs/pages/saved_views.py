"""The saved views on the page: their tabs, which of them is shown, and the addresses that lead to one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe

from jobs.access.viewers import viewer_of
from jobs.filters import ALL_JOBS, VIEW, JobFilter
from jobs.mistakes import InvalidQuery
from jobs.pages.columns import parse_shown
from jobs.pages.parameters import LIST_PARAMETERS, TRACKING
from jobs.saved_views.rows import Viewer, ViewRow
from jobs.saved_views.search import full_query, job_filter_of, link_query
from jobs.table_columns import LABELS

SWAP: Final = (
    'hx-target="#job-table" hx-swap="outerMorph" hx-push-url="true" hx-sync="#job-table:replace"'
)
GONE: Final = "The saved view of this link no longer exists."
INVALID: Final = (
    "The search of this view is no longer valid. Correct it below, and save the view again."
)


def redirect_to_search(request: HttpRequest, views: Sequence[ViewRow]) -> HttpResponse | None:
    """The bare address leads to the default view, and a view's short link to its search, as both are now.

    Without a default view, the bare address is that of all jobs, and their other one leads to it.
    """
    asked = LIST_PARAMETERS & request.GET.keys()
    if asked - {VIEW}:
        return None
    default = _default(views)
    view = find_view(views, request.GET[VIEW]) if asked else default
    is_alias = bool(asked) and request.GET[VIEW] == ALL_JOBS and default is None
    if view is None and not is_alias:
        return None
    # What the page ignores with a notice, it shall still report.
    others = [
        (name, value)
        for name, value in request.GET.items()
        if name != VIEW and not TRACKING.fullmatch(name)
    ]
    query = "&".join(filter(None, [full_query(view) if view else "", urlencode(others)]))
    return redirect(f"/?{query}" if query else "/")


def find_view(views: Sequence[ViewRow], text: str | None) -> ViewRow | None:
    return next((view for view in views if str(view.id) == text), None)


def within_view(job_filter: JobFilter, views: Sequence[ViewRow]) -> tuple[JobFilter, list[str]]:
    """The list with links that stay in its view, and a notice if there is no such view.

    Outside of any view, links to all jobs name them: the bare address leads to the default view, if there is one.
    """
    columns = job_filter.columns if parse_shown(job_filter.columns or "") else None
    if view := find_view(views, job_filter.view):
        return replace(job_filter, view=str(view.id), columns=columns), []
    notices = [] if job_filter.view in (None, "", ALL_JOBS) else [GONE]
    everything = ALL_JOBS if _default(views) else None
    return replace(job_filter, view=everything, columns=columns), notices


def _default(views: Sequence[ViewRow]) -> ViewRow | None:
    """The viewer's own, which are the last, or else that of all."""
    return next((view for view in reversed(views) if view.is_default), None)


@dataclass(frozen=True)
class SavedViews:
    """The tabs of all views. `view` is the one that the address names, and `job_filter` the list that is shown in it.

    `job_filter` is None if the query is invalid: then `query` is what was asked for.
    """

    views: Sequence[ViewRow]
    job_filter: JobFilter | None
    query: QueryDict
    request: HttpRequest

    @cached_property
    def view(self) -> ViewRow | None:
        return find_view(self.views, self.query.get(VIEW))

    @property
    def position_of_last(self) -> int:
        """In the list of the view that is shown."""
        return sum(self.view is not None and view.place == self.view.place for view in self.views)

    @cached_property
    def viewer(self) -> Viewer:
        return viewer_of(self.request)

    @property
    def may_change(self) -> bool:
        """Whether the viewer may change the view that is shown."""
        return self.view is not None and self.view.may_change(self.viewer)

    @property
    def may_share(self) -> bool:
        """Where people log in, a view is its maker's or shared."""
        return self.viewer.user_id is not None and self.may_change

    @cached_property
    def is_modified(self) -> bool:
        """Whether the list differs from the one that the view was saved with. The page and the time zone do not count."""
        if self.view is None:
            return False
        if self.job_filter is None:
            return not self.is_invalid
        shown = replace(self.job_filter, cursor=None, tz=None)
        try:
            return replace(job_filter_of(self.view), tz=None) != shown
        except InvalidQuery:
            return True

    @cached_property
    def is_invalid(self) -> bool:
        """Whether the search is that of the view, and no longer valid."""
        if self.view is None or self.job_filter is not None:
            return False
        return QueryDict(full_query(self.view)).get("q", "") == self.query.get("q", "")

    @property
    def notice(self) -> str:
        return INVALID if self.is_invalid else ""

    @property
    def search(self) -> str:
        """What saving stores, as JSON for the API; empty while the query is invalid."""
        if self.job_filter is None:
            return ""
        job_filter = self.job_filter
        values = {
            "status": [status.value for status in job_filter.statuses or ()],
            "q": str(job_filter.q),
            "ordering": job_filter.ordering,
            "page_size": job_filter.page_size,
            "columns": shown_columns(job_filter.columns),
        }
        return json.dumps(values, ensure_ascii=False)

    @property
    def default_columns(self) -> str:
        return ",".join(LABELS)

    @cached_property
    def tabs(self) -> SafeString:
        """Built without a template: there are up to fifty on each page."""
        leave = escape(f"/?{VIEW}={ALL_JOBS}" if _default(self.views) else "/")
        current = ' aria-current="true"' if self.view is None and self._is_everything else ""
        html = [f'<a href="{leave}" hx-get="{leave}" {SWAP} data-all-jobs{current}>All jobs</a>']
        html += map(self._tab, self.views)
        return mark_safe("".join(html))  # noqa: S308  # escaped

    @property
    def _is_everything(self) -> bool:
        return self.job_filter is not None and not self.job_filter.parameters(
            view=None, cursor=None
        )

    def _tab(self, view: ViewRow) -> str:
        """The link is the short one, to be copied; htmx requests the search itself, which its address then says."""
        is_shown = view is self.view
        state = ' aria-current="true"' if is_shown and not self.is_modified else ""
        state += " data-shown" if is_shown else ""
        mark = (
            ' <small title="The dashboard opens with it">default</small>' if view.is_default else ""
        )
        if not view.is_shared:
            mark += ' <small title="Only you see it">yours</small>'
        if is_shown and self.is_modified:
            mark += " <small>modified</small>"
        link, full = escape(f"/?{link_query(view)}"), escape(f"/?{full_query(view)}")
        name = f'<bdi translate="no">{escape(view.name)}</bdi>'
        return (
            f'<a href="{link}" hx-get="{full}" {SWAP} data-view="{view.id}"{state}>{name}{mark}</a>'
        )


def shown_columns(text: str | None) -> list[str]:
    """The columns that the address names; none if they are the viewer's own."""
    layout = parse_shown(text or "")
    return [column.name for column in layout if not column.is_hidden] if layout else []
