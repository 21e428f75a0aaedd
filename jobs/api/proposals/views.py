"""The endpoints of proposals, for people and their programs. Agents propose by a tool, and decide nothing."""

from typing import Any

from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.confirmation import unconfirmed_limit
from jobs.api.http.base import JsonView
from jobs.api.http.idempotency import idempotent
from jobs.api.http.parsers import reject_incomplete_body
from jobs.api.http.source import actor_of, source_of
from jobs.api.operations.views import accepted, read_reason
from jobs.api.pagination import page_response
from jobs.api.problems.exceptions import ProposalNotFound
from jobs.api.proposals import schema
from jobs.audit.kinds import Kind
from jobs.audit.requests import record_request
from jobs.listing.paging import PAGING, Paging
from jobs.mistakes import FieldError, InvalidQuery, quoted
from jobs.proposals import changes
from jobs.proposals.rows import (
    ProposalRow,
    ProposalState,
    count_proposals,
    proposals_page,
    read_proposal,
)
from jobs.proposals.words import words_of

STATE = "state"


def proposal_json(proposal: ProposalRow) -> dict[str, Any]:
    """The proposal, as described by ProposalSerializer."""
    return {
        "id": proposal.id,
        "action": proposal.action,
        **proposal.parameters,
        "state": proposal.state,
        "q": proposal.q,
        "status": proposal.statuses,
        "tz": proposal.tz,
        "all": proposal.everything,
        "id_count": None if proposal.ids is None else len(proposal.ids),
        "except_count": len(proposal.excluded),
        "query_in_words": words_of(proposal),
        "reason": proposal.reason,
        "proposed_by": proposal.proposed_by,
        "token": proposal.token,
        "count": proposal.total,
        "count_relation": proposal.total_relation,
        "created_at": proposal.created_at,
        "expires_at": proposal.expires_at,
        "decided_at": proposal.decided_at,
        "decided_by": proposal.decided_by,
        "decision_reason": proposal.decision_reason,
        "operation_id": proposal.operation_id,
    }


def found(proposal: ProposalRow | None) -> ProposalRow:
    """Raises ProposalNotFound."""
    if proposal is None:
        raise ProposalNotFound
    return proposal


class ProposalListView(JsonView):
    query_parameters = {"GET": (STATE, *PAGING)}

    @schema.list_proposals
    def get(self, request: Request) -> Response:
        paging, state = Paging.parse(request.query_params), _state(request.query_params)
        page = proposals_page(paging, state)
        prefix = f"{STATE}={state}&" if state else ""
        return page_response(
            request,
            page,
            count_proposals(state),
            [proposal_json(proposal) for proposal in page.rows],
            lambda cursor: prefix + paging.query_string(cursor),
        )


class ProposalView(JsonView):
    @schema.get_proposal
    def get(self, request: Request, proposal_id: int) -> Response:
        return Response(proposal_json(found(read_proposal(proposal_id))))


class ApproveView(JsonView):
    @schema.approve_proposal
    @idempotent
    def post(self, request: Request, proposal_id: int) -> Response:
        reject_incomplete_body(request, request.body)
        by = source_of(request), actor_of(request), unconfirmed_limit(request)
        operation = changes.approve_proposal(proposal_id, *by)
        if operation is None:
            raise ProposalNotFound
        return accepted(operation)


class DeclineView(JsonView):
    @schema.decline_proposal
    @idempotent
    def post(self, request: Request, proposal_id: int) -> Response:
        reason = read_reason(request)
        declined = changes.decline_proposal(proposal_id, actor_of(request), reason)
        proposal = found(declined)
        record_request(request, Kind.PROPOSAL_DECLINED, str(proposal.id))
        return Response(proposal_json(proposal))


def _state(query: QueryDict) -> ProposalState | None:
    value = query.get(STATE)
    if value is None or value in list(ProposalState):
        return ProposalState(value) if value else None
    detail = f"{quoted(value)} is not a state. Allowed: {', '.join(ProposalState)}."
    raise InvalidQuery([FieldError(STATE, "invalid_choice", detail)])
