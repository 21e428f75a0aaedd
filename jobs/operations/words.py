"""The selection of an operation in words."""

from __future__ import annotations

from typing import Final

from jobs.filters import JobFilter
from jobs.mistakes import InvalidQuery
from jobs.operations.rows import Action, OperationRow
from jobs.operations.selection import Selection, number_of

WHOLE_TRASH: Final = "all jobs in the trash"


def selection_words(action: str, selection: Selection) -> str:
    """Which jobs the action is for."""
    words = selection.words
    if action == Action.RESTORE and selection.ids is None:
        return words.replace("all jobs", WHOLE_TRASH, 1)
    return words


def search_of(operation: OperationRow) -> JobFilter | None:
    """The search whose jobs it was for; None if they were chosen in another way, or the search is not valid any more."""
    is_search = operation.q or operation.statuses is not None or operation.everything
    if not is_search or operation.action == Action.RESTORE:
        return None
    try:
        return Selection.stored(operation.q, operation.tz, operation.statuses).job_filter
    except InvalidQuery:
        return None


def words_of(operation: OperationRow) -> str:
    if operation.retries:
        return f"jobs that operation {operation.retries} could not change"
    if operation.undoes:
        return f"jobs that operation {operation.undoes} has changed"
    without = f"; without {number_of(operation.except_count, '')}" if operation.except_count else ""
    if operation.id_count is not None:
        return number_of(operation.id_count, "chosen ") + without
    try:
        selection = Selection.stored(operation.q, operation.tz, operation.statuses)
    except InvalidQuery:  # the search language has changed since
        return operation.q + without
    return selection_words(operation.action, selection) + without
