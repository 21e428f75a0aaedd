"""The operations on proposals in the OpenAPI schema."""

from typing import Any, Final

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)

from jobs.api.http.source import CHANGE_SOURCE
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.openapi.operations import PAGING
from jobs.api.operations.schema import ACCEPTED, LOCATION, PAGE, PENDING
from jobs.api.operations.serializers import OperationReasonSerializer
from jobs.api.proposals.serializers import STATES, ProposalPageSerializer, ProposalSerializer
from jobs.ids import LARGEST_ID

PROPOSAL_ID: Final = OpenApiParameter(
    "proposal_id",
    {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    OpenApiParameter.PATH,
    description="The proposal's id.",
    examples=[OpenApiExample("a proposal", value=7)],
)
STATE: Final = OpenApiParameter(
    "state", {"type": "string", "enum": STATES}, description="Only proposals in this state."
)
PROPOSAL: Final[dict[str, Any]] = {
    "id": 7,
    "action": "set_status",
    "status_type": "FAILED",
    "state": "open",
    "q": "status:running updated:>1d",
    "status": None,
    "tz": None,
    "all": False,
    "id_count": None,
    "except_count": 0,
    "query_in_words": "status running; updated more than 1 day ago",
    "reason": "No heartbeat for a day.",
    "proposed_by": "otto",
    "token": "Nightly agent",
    "count": 312,
    "count_relation": "exact",
    "created_at": "2026-11-22T10:40:00.118230Z",
    "expires_at": "2026-11-29T10:40:00.118230Z",
    "decided_at": None,
    "decided_by": None,
    "decision_reason": None,
    "operation_id": None,
}
DECLINED: Final = PROPOSAL | {
    "state": "declined",
    "decided_at": "2026-11-22T11:02:31.470012Z",
    "decided_by": "anna",
    "decision_reason": "The node is only slow.",
}
BECAME: Final = PENDING | {"reason": PROPOSAL["reason"], "proposal": 7, "proposed_by": "otto"}
TAGS: Final = ["operations"]
UNDECIDED: Final = ("proposal_not_found", "proposal_decided", "proposal_expired")

list_proposals = extend_schema(
    operation_id="list_proposals",
    summary="List proposals",
    description="Returns a page of proposals, newest first.",
    tags=TAGS,
    parameters=[STATE, *PAGING],
    responses={200: OpenApiResponse(ProposalPageSerializer, "A page of proposals.")},
    examples=[response_example({"count": 1, **PAGE, "results": [PROPOSAL]})],
)
get_proposal = extend_schema(
    operation_id="get_proposal",
    summary="Get a proposal",
    description="Returns the proposal. `POST /api/operations/?preview=true` shows what it would do now.",
    tags=TAGS,
    extensions=fails_with("proposal_not_found"),
    parameters=[PROPOSAL_ID],
    responses={200: OpenApiResponse(ProposalSerializer, "The proposal.")},
    examples=[response_example(PROPOSAL)],
)
approve_proposal = extend_schema(
    operation_id="approve_proposal",
    summary="Approve a proposal",
    description="Starts the operation, for the jobs that the proposal selects now, in the name of whoever approves. A token with"
    " the scope `agent` may not approve.",
    tags=TAGS,
    extensions=fails_with(*UNDECIDED),
    parameters=[PROPOSAL_ID, LOCATION, CHANGE_SOURCE],
    request=None,
    responses=ACCEPTED,
    examples=[response_example(BECAME, 202)],
)
decline_proposal = extend_schema(
    operation_id="decline_proposal",
    summary="Decline a proposal",
    description="Changes no job. A token with the scope `agent` may not decline.",
    tags=TAGS,
    extensions=fails_with(*UNDECIDED),
    parameters=[PROPOSAL_ID, CHANGE_SOURCE],
    request=OperationReasonSerializer,
    responses={200: OpenApiResponse(ProposalSerializer, "The declined proposal.")},
    examples=[
        request_example({"reason": "The node is only slow."}),
        response_example(DECLINED),
    ],
)
