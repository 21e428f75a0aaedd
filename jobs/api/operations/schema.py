"""The operations on operations in the OpenAPI schema."""

from typing import Any, Final

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)

from jobs.api.http.source import CHANGE_SOURCE
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.openapi.operations import PAGING
from jobs.api.operations.responses import (
    FailurePageSerializer,
    OperationPageSerializer,
    OperationSerializer,
    PreviewSerializer,
)
from jobs.api.operations.serializers import NewOperationSerializer, OperationReasonSerializer
from jobs.ids import LARGEST_ID
from jobs.operations.rows import State
from jobs.operations.selection import MAX_IDS

OPERATION_ID: Final = OpenApiParameter(
    "operation_id",
    {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    OpenApiParameter.PATH,
    description="The operation's id.",
    examples=[OpenApiExample("an operation", value=41)],
)
LOCATION: Final = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, description="The operation's URL.", response=[202]
)
STATE: Final = OpenApiParameter(
    "state",
    {"type": "string", "enum": [state.value for state in State]},
    description="Only operations in this state.",
)
PREVIEW: Final = OpenApiParameter(
    "preview",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
    description="With `true`, nothing is changed, and the response describes the selection.",
)
BODY: Final = {
    "action": "set_status",
    "status_type": "FAILED",
    "q": "status:running updated:>1d",
    "reason": "The node was shut down.",
}
OPERATION: Final[dict[str, Any]] = {
    "id": 41,
    "action": "set_status",
    "status_type": "FAILED",
    "state": "running",
    "q": "status:running updated:>1d",
    "status": None,
    "tz": None,
    "all": False,
    "id_count": None,
    "except_count": 0,
    "query_in_words": "status running; updated more than 1 day ago",
    "reason": "The node was shut down.",
    "source": "api",
    "actor": None,
    "cancelled_by": None,
    "total": 10_000,
    "total_relation": "at_least",
    "done": 60_000,
    "skipped": 12,
    "failed": 0,
    "rate": 8_012.3,
    "seconds_left": 8,
    "error": None,
    "created_at": "2026-11-22T10:40:00.118230Z",
    "started_at": "2026-11-22T10:40:00.152004Z",
    "finished_at": None,
    "undoes": None,
    "undone_by": None,
    "retries": None,
    "proposal": None,
    "proposed_by": None,
    "worker": "running",
}
PENDING: Final = OPERATION | {
    "state": "pending",
    "done": 0,
    "skipped": 0,
    "rate": None,
    "seconds_left": None,
    "started_at": None,
}
CANCELLED: Final = OPERATION | {
    "state": "cancelled",
    "seconds_left": None,
    "finished_at": "2026-11-22T10:40:07.640388Z",
}
UNDO: Final = {
    **{name: value for name, value in PENDING.items() if name != "status_type"},
    "id": 42,
    "action": "undo",
    "q": "",
    "query_in_words": "jobs that operation 41 has changed",
    "total": 60_000,
    "total_relation": "exact",
    "reason": "Wrong filter",
    "undoes": 41,
}
RETRY: Final = PENDING | {
    "id": 43,
    "q": "",
    "query_in_words": "jobs that operation 41 could not change",
    "total": 3,
    "total_relation": "exact",
    "retries": 41,
}
SAMPLE: Final = {
    "count": 10_000,
    "count_relation": "at_least",
    "by_status": {"PENDING": 0, "RUNNING": 10_000, "COMPLETED": 0, "FAILED": 0},
    "sample": [examples.JOB],
    "estimated_seconds": 24,
    "query_in_words": OPERATION["query_in_words"],
}
PAGE: Final = {"count_relation": "exact", "next": None, "previous": None}
FAILURE: Final = {
    "job_id": 12,
    "code": "max_length",
    "detail": "The new name would be longer than 255 characters.",
}
TAGS: Final = ["operations"]
ACCEPTED: Final[dict[Any, Any]] = {
    202: OpenApiResponse(OperationSerializer, "The operation, which has begun.")
}

list_operations = extend_schema(
    operation_id="list_operations",
    summary="List operations",
    description="Returns a page of operations, newest first.",
    tags=TAGS,
    parameters=[STATE, *PAGING],
    responses={200: OpenApiResponse(OperationPageSerializer, "A page of operations.")},
    examples=[response_example({"count": 1, **PAGE, "results": [OPERATION]})],
)
create_operation = extend_schema(
    operation_id="create_operation",
    summary="Change many jobs in the background",
    description="Starts an operation that does `action` to all selected jobs: to those that `q` and `status` find, to those with"
    f" `ids` (up to {MAX_IDS:,}), or to `all`; without those in `except`. The selection is frozen: jobs that are created or"
    " changed later are left alone, and relative times in `q` are relative to now. A worker changes the jobs in batches; each"
    " job is changed once, or not at all. With `preview=true`, nothing is changed.",
    tags=TAGS,
    parameters=[PREVIEW, LOCATION, CHANGE_SOURCE],
    request=NewOperationSerializer,
    responses={200: OpenApiResponse(PreviewSerializer, "What the operation would do."), **ACCEPTED},
    examples=[
        request_example(BODY, name="status", summary="Set a status"),
        request_example(
            {"action": "label", "labels": {"team": "fluid", "old": None}, "q": "turbine"},
            name="label",
            summary="Set and remove labels",
        ),
        request_example(
            {"action": "rename", "find": "wing", "replace": "blade", "ids": [12, 13]},
            name="rename",
            summary="Replace a text in names",
        ),
        request_example(
            {"action": "delete", "all": True, "except": [12]},
            name="delete",
            summary="Delete all jobs but one",
        ),
        response_example(SAMPLE, name="preview"),
        response_example(PENDING, 202),
    ],
)
get_operation = extend_schema(
    operation_id="get_operation",
    summary="Get an operation",
    description="Returns the operation with its progress.",
    tags=TAGS,
    extensions=fails_with("operation_not_found"),
    parameters=[OPERATION_ID],
    responses={200: OpenApiResponse(OperationSerializer, "The operation.")},
    examples=[response_example(OPERATION)],
)
list_failures = extend_schema(
    operation_id="list_operation_failures",
    summary="List the jobs that an operation could not change",
    description="Returns a page of jobs, by id, each with the reason. For an undo, also those that it left alone because they"
    " have changed since.",
    tags=TAGS,
    extensions=fails_with("operation_not_found"),
    parameters=[OPERATION_ID, *PAGING],
    responses={200: OpenApiResponse(FailurePageSerializer, "A page of jobs.")},
    examples=[response_example({"count": 1, **PAGE, "results": [FAILURE]})],
)
cancel_operation = extend_schema(
    operation_id="cancel_operation",
    summary="Cancel an operation",
    description="Ends the operation: no job is changed any more once the response is sent. What it has changed stays, and can be"
    " undone.",
    tags=TAGS,
    extensions=fails_with("operation_not_found", "operation_finished"),
    parameters=[OPERATION_ID],
    request=None,
    responses={200: OpenApiResponse(OperationSerializer, "The cancelled operation.")},
    examples=[response_example(CANCELLED)],
)
retry_operation = extend_schema(
    operation_id="retry_operation",
    summary="Try failed jobs again",
    description="Starts a new operation that does the same to the jobs listed in `failures/`.",
    tags=TAGS,
    extensions=fails_with("operation_not_found", "operation_unfinished", "nothing_to_retry"),
    parameters=[OPERATION_ID, LOCATION, CHANGE_SOURCE],
    request=OperationReasonSerializer,
    responses=ACCEPTED,
    examples=[request_example({}), response_example(RETRY, 202)],
)
undo_operation = extend_schema(
    operation_id="undo_operation",
    summary="Undo an operation",
    description="Starts a new operation that takes back what this one has changed: it appends the previous statuses, with"
    " `undoes`, or restores the previous names or labels. Jobs in which the same thing has changed since are left alone, and"
    " listed in its `failures/`. Deleted jobs are restored, if they are still in the trash. An undo can be undone, unless it restored jobs.",
    tags=TAGS,
    extensions=fails_with(
        "operation_not_found",
        "operation_unfinished",
        "operation_undone",
        "operation_not_undoable",
    ),
    parameters=[OPERATION_ID, LOCATION, CHANGE_SOURCE],
    request=OperationReasonSerializer,
    responses=ACCEPTED,
    examples=[request_example({"reason": "Wrong filter"}), response_example(UNDO, 202)],
)
