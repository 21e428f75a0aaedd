"""Making, approving and declining proposals.

An approval locks the row of the proposal, so that two at once make one operation.
"""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from django.db import connection, transaction

from jobs.operations.changes import OperationRefused, Request, create_operation
from jobs.operations.rows import Action, OperationRow, read_operation
from jobs.operations.selection import Selection
from jobs.proposals.rows import IS_OPEN, ProposalRow, ProposalState, read_proposal
from jobs.querysets import Count
from jobs.sources import Source

EXPIRE_DAYS: Final = 7
# Of one user; in open mode, of all. An agent that repeats itself does not bury what others have proposed.
MAX_OPEN: Final = 50
PROPOSE: Final = f"""
INSERT INTO proposal (
    action, parameters, q, tz, statuses, ids, everything, excluded, reason, proposer, token_id, total, total_relation,
    created_at, expires_at
)
SELECT %(action)s, %(parameters)s::jsonb, %(q)s, %(tz)s, %(statuses)s::text[], %(ids)s::bigint[], %(everything)s,
    %(excluded)s::bigint[], %(reason)s, %(proposer)s, %(token)s, %(total)s, %(relation)s,
    now, now + make_interval(hours => 24 * {EXPIRE_DAYS})
FROM clock_timestamp() AS now
WHERE {MAX_OPEN} > (
    SELECT count(*) FROM proposal WHERE {IS_OPEN} AND proposer IS NOT DISTINCT FROM %(proposer)s
)
RETURNING id
"""
LOCK: Final = "SELECT FROM proposal WHERE id = %s FOR UPDATE"
DECIDE: Final = """
UPDATE proposal SET state = %s, decided_at = clock_timestamp(), decided_by = %s, decision_reason = %s, operation_id = %s
WHERE id = %s
"""


class ProposalDecided(OperationRefused):
    code = "proposal_decided"

    def __init__(self, state: str = ProposalState.APPROVED, operation_id: int | None = 42) -> None:
        became = f", and became operation {operation_id}" if operation_id else ""
        super().__init__(f"The proposal is {state} already{became}.")


class ProposalExpired(OperationRefused):
    code = "proposal_expired"

    def __init__(self) -> None:
        super().__init__(
            f"Nobody has decided for {EXPIRE_DAYS} days, so the proposal has expired. It can be proposed again."
        )


class TooManyProposals(OperationRefused):
    code = "too_many_proposals"

    def __init__(self) -> None:
        super().__init__(
            f"{MAX_OPEN} proposals are open already. Wait until a person has decided on some of them."
        )


class Proposer(NamedTuple):
    """The user in whose name something is proposed, and the token; neither in open mode."""

    user_id: int | None
    token_id: int | None


def propose(
    action: Action,
    parameters: dict[str, object],
    selection: Selection,
    everything: bool,
    reason: str,
    count: Count,
    proposer: Proposer,
) -> ProposalRow:
    """Changes no job. `count` is how many are selected now. Raises TooManyProposals."""
    job_filter = selection.job_filter
    values = {
        "action": action.value,
        "parameters": json.dumps(parameters),
        "q": str(job_filter.q),
        "tz": job_filter.tz,
        "statuses": None
        if job_filter.statuses is None
        else [status.value for status in job_filter.statuses],
        "ids": None if selection.ids is None else sorted({*selection.ids}),
        "everything": everything,
        "excluded": sorted({*selection.excluded}),
        "reason": reason,
        "proposer": proposer.user_id,
        "token": proposer.token_id,
        "total": count.value,
        "relation": count.relation,
    }
    with connection.cursor() as cursor:
        cursor.execute(PROPOSE, values)
        row = cursor.fetchone()
    if row is None:
        raise TooManyProposals
    proposal = read_proposal(row[0])
    assert proposal
    return proposal


@transaction.atomic
def approve_proposal(
    proposal_id: int,
    source: Source = Source.API,
    actor: int | None = None,
    limit: int | None = None,
) -> OperationRow | None:
    """Begins the operation, for the jobs that it selects now. None if there is no such proposal.

    Raises ProposalDecided or ProposalExpired, ConfirmationRequired for more jobs than `limit`, and InvalidQuery for a
    search that is not valid any more.
    """
    proposal = _locked(proposal_id)
    if proposal is None:
        return None
    request = Request(
        Action(proposal.action), proposal.parameters, proposal.reason, source, actor, limit
    )
    operation = create_operation(request, proposal.selection, proposal.everything)
    _decide(proposal_id, ProposalState.APPROVED, actor, None, operation.id)
    return read_operation(operation.id)


@transaction.atomic
def decline_proposal(
    proposal_id: int, actor: int | None = None, reason: str | None = None
) -> ProposalRow | None:
    """None if there is no such proposal. Raises ProposalDecided or ProposalExpired."""
    if _locked(proposal_id) is None:
        return None
    _decide(proposal_id, ProposalState.DECLINED, actor, reason, None)
    return read_proposal(proposal_id)


def _locked(proposal_id: int) -> ProposalRow | None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [proposal_id])
    proposal = read_proposal(proposal_id)
    if proposal and proposal.state == ProposalState.EXPIRED:
        raise ProposalExpired
    if proposal and not proposal.is_open:
        raise ProposalDecided(proposal.state, proposal.operation_id)
    return proposal


def _decide(
    proposal_id: int,
    state: ProposalState,
    actor: int | None,
    reason: str | None,
    operation_id: int | None,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DECIDE, [state.value, actor, reason, operation_id, proposal_id])
