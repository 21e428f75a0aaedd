"""The error codes of operations and proposals."""

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
from jobs.proposals.changes import MAX_OPEN, ProposalDecided, ProposalExpired, TooManyProposals

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
    "proposal_not_found": ErrorCode(
        404,
        "The proposal does not exist, or was decided so long ago that it was deleted.",
        raised(exceptions.ProposalNotFound()),
    ),
    "proposal_decided": ErrorCode(
        409, "The proposal has been approved or declined already.", raised(ProposalDecided())
    ),
    "proposal_expired": ErrorCode(
        409, "Nobody has decided on the proposal in time.", raised(ProposalExpired())
    ),
    "too_many_proposals": ErrorCode(
        409,
        f"{MAX_OPEN} proposals of the user are open already; only the tools of agents respond with this.",
        raised(TooManyProposals()),
    ),
}
