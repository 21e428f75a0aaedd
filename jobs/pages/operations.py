"""The pages of operations: all of them, and one with its progress and failures."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from jobs.listing.paging import PAGING, Paging
from jobs.mistakes import InvalidQuery
from jobs.operations.changes import is_undoable
from jobs.operations.rows import (
    Action,
    OperationRow,
    failures_page,
    operations_page,
    read_operation,
    worker_is_alive,
)
from jobs.operations.trash import is_in_trash
from jobs.operations.words import words_of
from jobs.pages.formats import seconds_text, stored_time_text
from jobs.pages.htmx import OPERATION, OPERATION_LIST, render_page_or_fragment
from jobs.pages.navigation import links_beside
from jobs.pages.operation_words import (
    look_of,
    percent_of,
    progress_text,
    state_words,
    title_of,
)
from jobs.pages.parameters import page_parameters
from jobs.pages.read_only import read_only

STALE: Final = "The link to this page is no longer valid. This is the first page."


@read_only
def operations(request: HttpRequest) -> HttpResponse:
    """The newest first. One query, and another one if an operation has not ended."""
    parameters = page_parameters(request.GET, PAGING)
    notices = list(parameters.notices)
    try:
        paging = Paging.parse(parameters.query)
        page = operations_page(paging)
    except InvalidQuery:
        paging = Paging()
        page = operations_page(paging)
        notices.append(STALE)
    rows = [_row(operation) for operation in page.rows]
    context = {
        "rows": rows,
        "links": links_beside(page, paging, "Newer", "Older"),
        "url": request.get_full_path(),
        "notices": notices,
        "is_live": any(not operation.is_finished for operation in page.rows),
        "is_waiting": _is_waiting(page.rows),
    }
    return render_page_or_fragment(request, "jobs/operations.html", OPERATION_LIST, context)


@read_only
def operation(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Up to three queries: the operation, what it has not changed, and whether it can be undone or waits."""
    found = read_operation(operation_id)
    if found is None:
        raise Http404
    parameters = page_parameters(request.GET, PAGING)
    notices = list(parameters.notices)
    paging, failures = Paging(), None
    # An undo lists what it has left alone.
    if found.failed or (found.action == Action.UNDO and found.skipped):
        try:
            paging = Paging.parse(parameters.query)
            failures = failures_page(operation_id, paging)
        except InvalidQuery:
            paging = Paging()
            failures = failures_page(operation_id, paging)
            notices.append(STALE)
    context = {
        "operation": _row(found) | {"can_undo": can_undo(found)},
        "failures": failures.rows if failures else [],
        "links": links_beside(failures, paging, "Previous", "Next") if failures else [],
        "url": request.get_full_path(),
        "notices": notices,
        "is_live": not found.is_finished,
        "is_waiting": _is_waiting([found]),
    }
    return render_page_or_fragment(request, "jobs/operation.html", OPERATION, context)


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


def _row(operation: OperationRow) -> dict[str, Any]:
    look = look_of(operation)
    return operation._asdict() | {
        "title": title_of(operation),
        "which": words_of(operation),
        "label": state_words(operation),
        "look": look or "",
        "icon": look.icon if look else "",
        "is_finished": operation.is_finished,
        "progress_text": progress_text(operation),
        "percent": percent_of(operation),
        "took": seconds_text(operation.seconds) if operation.is_finished else "",
        "created": stored_time_text(operation.created_at),
        "finished": stored_time_text(operation.finished_at or ""),
    }
