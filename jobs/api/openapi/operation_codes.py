"""The error codes of operations."""

from typing import Final

from jobs.api.openapi.error_examples import ErrorCode, raised
from jobs.api.problems import exceptions
from jobs.operations.changes import (
    AlreadyFinished,
    AlreadyUndone,
    CannotUndo,
    NoFailures,
    NotFinished,
)

OPERATION_CODES: Final[dict[str, ErrorCode]] = {
    "operation_not_found": ErrorCode(
        404,
        "The operation does not exist, or ended so long ago that it was deleted.",
        raised(exceptions.OperationNotFound()),
    ),
    "operation_finished": ErrorCode(
        409, "The operation has ended, so it cannot be cancelled.", raised(AlreadyFinished())
    ),
    "operation_unfinished": ErrorCode(
        409, "The operation has not ended yet.", raised(NotFinished())
    ),
    "operation_undone": ErrorCode(
        409, "Another operation undoes this one already.", raised(AlreadyUndone())
    ),
    "operation_not_undoable": ErrorCode(
        409,
        "The operation has changed nothing, has restored jobs, or has deleted jobs that are not in the trash any more.",
        raised(CannotUndo()),
    ),
    "nothing_to_retry": ErrorCode(409, "No job of the operation failed.", raised(NoFailures())),
}
