"""The pages of operations: all of them, and one with its progress and its jobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from jobs.listing.keyset import Page
from jobs.listing.paging import PAGING, Paging
from jobs.mistakes import InvalidQuery
from jobs.operations.changes import is_undoable
from jobs.operations.outcomes import Outcome, changed_page, failed_page
from jobs.operations.rows import (
    Action,
    OperationRow,
    operations_page,
    read_operation,
    worker_is_alive,
)
from jobs.operations.trash import is_in_trash
from jobs.operations.words import search_of, words_of
from jobs.pages.formats import seconds_text, stored_time_text
from jobs.pages.htmx import (
    OPERATION,
    OPERATION_LIST,
    is_for_fragment,
    render_page_or_fragment,
)
from jobs.pages.navigation import Link, links_beside
from jobs.pages.new_operation import selection_query
from jobs.pages.operation_words import (
    look_of,
    percent_of,
    progress_text,
    state_words,
    tab_title,
    title_of,
    verb_of,
)
from jobs.pages.parameters import page_parameters
from jobs.pages.proposals import open_ones
from jobs.pages.read_only import read_only

# The parameter of an operation's page that says which of its jobs are listed
JOBS: Final = "jobs"
FAILED, CHANGED = "failed", "changed"
STALE: Final = "The link to this page is no longer valid. This is the first page."


@read_only
def operations(request: HttpRequest) -> HttpResponse:
    """The newest first, and the open proposals. Two queries, and another one if an operation has not ended."""
    parameters = page_parameters(request.GET, PAGING)
    notices = list(parameters.notices)
    try:
        paging = Paging.parse(parameters.query)
        page = operations_page(paging)
    except InvalidQuery:
        paging = Paging()
        page = operations_page(paging)
        notices.append(STALE)
    is_waiting = _is_waiting(page.rows)
    rows = [_row(operation, is_waiting) for operation in page.rows]
    context = {
        "rows": rows,
        "links": links_beside(page, paging, "Newer", "Older"),
        "url": request.get_full_path(),
        "notices": notices,
        "proposals": [] if is_for_fragment(request) else open_ones(),
        "is_live": any(not operation.is_finished for operation in page.rows),
        "is_waiting": is_waiting,
    }
    return render_page_or_fragment(request, "jobs/operations.html", OPERATION_LIST, context)


@read_only
def operation(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Up to three queries: the operation, its jobs once it has ended, and whether it can be undone or waits."""
    found = read_operation(operation_id)
    if found is None:
        raise Http404
    parameters = page_parameters(request.GET, {JOBS, *PAGING})
    notices = list(parameters.notices)
    jobs = JobsPage("", [], [], [])
    if found.is_finished:
        try:
            jobs = _jobs(found, parameters.query, Paging.parse(parameters.query))
        except InvalidQuery:
            jobs = _jobs(found, parameters.query, Paging())
            notices.append(STALE)
    is_waiting = _is_waiting([found])
    context = {
        "operation": _row(found, is_waiting) | {"can_undo": can_undo(found)},
        "tab_title": tab_title(found, is_waiting),
        **_search_links(found),
        "jobs": jobs,
        "url": request.get_full_path(),
        "notices": notices,
        "is_live": not found.is_finished,
        "is_waiting": is_waiting,
    }
    return render_page_or_fragment(request, "jobs/operation.html", OPERATION, context)


class JobsPage(NamedTuple):
    """A page of the jobs of an operation: of those that it has changed, or those that it has not."""

    heading: str
    rows: list[Outcome]
    links: list[Link]
    kinds: list[Link]
    """The links to both, if there are both."""


def _jobs(operation: OperationRow, query: QueryDict, paging: Paging) -> JobsPage:
    """Those that were not changed come first. Raises InvalidQuery for a cursor of another list."""
    kinds = list(_kinds(operation))
    if not kinds:
        return JobsPage("", [], [], [])
    names = [kind.query for kind in kinds]
    name = query.get(JOBS) if query.get(JOBS) in names else names[0]
    page: Page[Outcome] | None
    if name == FAILED:
        heading, page = f"Jobs that were not {verb_of(operation)}", failed_page(operation, paging)
    else:
        heading, page = f"Jobs that were {verb_of(operation)}", changed_page(operation, paging)
        if operation.action == Action.DELETE:
            heading = "Deleted jobs that are in the trash"
    if page is None:
        return JobsPage("", [], [], [])
    prefix = "" if name == names[0] else f"{JOBS}={name}&"
    links = [
        Link(link.label, f"{prefix}{link.query}")
        for link in links_beside(page, paging, "Previous", "Next")
    ]
    both = [Link(each.label, f"{JOBS}={each.query}", each.query == name) for each in kinds]
    return JobsPage(heading, page.rows, links, both if len(both) > 1 else [])


def _kinds(operation: OperationRow) -> Iterator[Link]:
    # An undo lists what it has left alone.
    not_changed = operation.failed or (operation.skipped if operation.action == Action.UNDO else 0)
    if not_changed:
        yield Link(f"Not {verb_of(operation)} ({not_changed:,})", FAILED)
    if operation.done:
        yield Link(f"{verb_of(operation).capitalize()} ({operation.done:,})", CHANGED)


def _search_links(operation: OperationRow) -> dict[str, str]:
    """To the list of the jobs that match its search now, and to a new operation for them; none if it had no search."""
    job_filter = search_of(operation)
    if job_filter is None:
        return {}
    query = selection_query(job_filter)
    return {"search": f"/?{query or 'view=all'}", "again": f"/operations/new/?{query}"}


def can_undo(operation: OperationRow) -> bool:
    """As changes.undo_operation, which has the last word."""
    return (
        operation.is_finished
        and operation.done > 0
        and operation.undone_by is None
        and is_undoable(operation)
        and (operation.action != Action.DELETE or is_in_trash(operation.id))
    )


def _is_waiting(rows: list[OperationRow]) -> bool:
    """Whether some of them wait for a worker, and there is none."""
    return any(not row.is_finished for row in rows) and not worker_is_alive()


def _row(operation: OperationRow, is_waiting: bool) -> dict[str, Any]:
    is_waiting = is_waiting and not operation.is_finished
    look = look_of(operation, is_waiting)
    return operation._asdict() | {
        "title": title_of(operation),
        "which": words_of(operation),
        "label": state_words(operation, is_waiting),
        "look": look or "",
        "icon": look.icon if look else "",
        "is_finished": operation.is_finished,
        "progress_text": progress_text(operation, is_waiting),
        "percent": percent_of(operation),
        "took": seconds_text(operation.seconds) if operation.is_finished else "",
        "created": stored_time_text(operation.created_at),
        "started": stored_time_text(operation.started_at or ""),
        "finished": stored_time_text(operation.finished_at or ""),
    }
