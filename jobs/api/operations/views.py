"""The endpoints of operations."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.confirmation import unconfirmed_limit
from jobs.access.permissions import Permission
from jobs.api.bulk import BulkParser
from jobs.api.http.base import JsonView
from jobs.api.http.idempotency import idempotent
from jobs.api.http.parsers import reject_incomplete_body
from jobs.api.http.source import actor_of, source_of
from jobs.api.operations import schema
from jobs.api.operations.serializers import NewOperationSerializer, OperationReasonSerializer
from jobs.api.pagination import page_response
from jobs.api.problems.exceptions import OperationNotFound
from jobs.listing.paging import PAGING, Paging
from jobs.mistakes import FieldError, InvalidQuery, quoted
from jobs.operations import changes
from jobs.operations.preview import preview
from jobs.operations.rows import (
    Action,
    OperationRow,
    State,
    count_failures,
    count_operations,
    failures_page,
    operations_page,
    read_operation,
    worker_is_alive,
)
from jobs.operations.selection import Selection
from jobs.operations.words import selection_words, words_of

PREVIEW, STATE = "preview", "state"


def permission_to_start(request: HttpRequest) -> Permission:
    """A preview only reads."""
    return Permission.READ if request.GET.get(PREVIEW) == "true" else Permission.CHANGE


def operation_json(operation: OperationRow, is_worker_alive: bool) -> dict[str, Any]:
    """The operation, as described by OperationSerializer."""
    return {
        "id": operation.id,
        "action": operation.action,
        **{name: value for name, value in operation.parameters.items() if name != "undone"},
        "state": operation.state,
        "q": operation.q,
        "status": operation.statuses,
        "tz": operation.tz,
        "all": operation.everything,
        "id_count": operation.id_count,
        "except_count": operation.except_count,
        "query_in_words": words_of(operation),
        "reason": operation.reason,
        "source": operation.source,
        "actor": operation.actor,
        "cancelled_by": operation.cancelled_by,
        "total": operation.total,
        "total_relation": operation.total_relation,
        "done": operation.done,
        "skipped": operation.skipped,
        "failed": operation.failed,
        "rate": operation.rate,
        "seconds_left": operation.seconds_left,
        "error": operation.error,
        "created_at": operation.created_at,
        "started_at": operation.started_at,
        "finished_at": operation.finished_at,
        "undoes": operation.undoes,
        "undone_by": operation.undone_by,
        "retries": operation.retries,
        "proposal": operation.proposal,
        "proposed_by": operation.proposed_by,
        "worker": "running" if is_worker_alive else "absent",
    }


def _or_404(operation: OperationRow | None) -> OperationRow:
    if operation is None:
        raise OperationNotFound
    return operation


def _response(operation: OperationRow) -> Response:
    return Response(operation_json(operation, worker_is_alive()))


def accepted(operation: OperationRow) -> Response:
    """The response to a request that has begun an operation."""
    response = _response(operation)
    response.status_code = 202
    response["Location"] = reverse("api:operation", args=[operation.id])
    return response


def read_reason(request: Request) -> str | None:
    """What the body says, if there is one."""
    body = OperationReasonSerializer(data=request.data)
    body.is_valid(raise_exception=True)
    reason: str | None = body.validated_data.get("reason")
    return reason


class OperationListView(JsonView):
    parser_classes = (BulkParser,)
    query_parameters = {"GET": (STATE, *PAGING), "POST": (PREVIEW,)}

    @schema.list_operations
    def get(self, request: Request) -> Response:
        paging, state = Paging.parse(request.query_params), read_state(request.query_params)
        page = operations_page(paging, state)
        is_alive = worker_is_alive()
        results = [operation_json(operation, is_alive) for operation in page.rows]
        prefix = f"{STATE}={state}&" if state else ""
        return page_response(
            request,
            page,
            count_operations(state),
            results,
            lambda cursor: prefix + paging.query_string(cursor),
        )

    @schema.create_operation
    @idempotent
    def post(self, request: Request) -> Response:
        is_preview = _is_preview(request.query_params)
        body = NewOperationSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        if is_preview:
            return Response(preview_json(values["selection"], values["action"]))
        wanted = changes.Request(
            values["action"],
            values["parameters"],
            values.get("reason"),
            source_of(request),
            actor_of(request),
            unconfirmed_limit(request),
        )
        is_all = bool(values.get("all"))
        return accepted(changes.create_operation(wanted, values["selection"], is_all))


def preview_json(selection: Selection, action: Action) -> dict[str, Any]:
    """What the action would do, as described by PreviewSerializer."""
    found = preview(selection, action)
    return {
        "count": found.total.value,
        "count_relation": found.total.relation,
        "by_status": {s.value: number for s, number in found.by_status.by_status.items()},
        "sample": [row.content() for row in found.sample],
        "estimated_seconds": found.seconds,
        "query_in_words": selection_words(action, selection),
    }


class OperationView(JsonView):
    @schema.get_operation
    def get(self, request: Request, operation_id: int) -> Response:
        return _response(_or_404(read_operation(operation_id)))


class FailureListView(JsonView):
    query_parameters = {"GET": PAGING}

    @schema.list_failures
    def get(self, request: Request, operation_id: int) -> Response:
        paging = Paging.parse(request.query_params)
        _or_404(read_operation(operation_id))
        page = failures_page(operation_id, paging)
        results = [failure._asdict() for failure in page.rows]
        count = count_failures(operation_id)
        return page_response(request, page, count, results, paging.query_string)


class CancelView(JsonView):
    @schema.cancel_operation
    @idempotent
    def post(self, request: Request, operation_id: int) -> Response:
        reject_incomplete_body(request, request.body)
        return _response(_or_404(changes.cancel_operation(operation_id, actor_of(request))))


class RetryView(JsonView):
    @schema.retry_operation
    @idempotent
    def post(self, request: Request, operation_id: int) -> Response:
        reason = read_reason(request)
        by = source_of(request), actor_of(request), unconfirmed_limit(request)
        return accepted(_or_404(changes.retry_operation(operation_id, reason, *by)))


class OperationUndoView(JsonView):
    @schema.undo_operation
    @idempotent
    def post(self, request: Request, operation_id: int) -> Response:
        reason = read_reason(request)
        by = source_of(request), actor_of(request), unconfirmed_limit(request)
        return accepted(_or_404(changes.undo_operation(operation_id, reason, *by)))


def read_state(query: QueryDict) -> State | None:
    """Raises InvalidQuery."""
    value = query.get(STATE)
    if value is None or value in list(State):
        return State(value) if value else None
    detail = f"{quoted(value)} is not a state. Allowed: {', '.join(State)}."
    raise InvalidQuery([FieldError(STATE, "invalid_choice", detail)])


def _is_preview(query: QueryDict) -> bool:
    value = query.get(PREVIEW, "false")
    if value not in ("true", "false"):
        detail = f"{quoted(value)} is not valid. Allowed: true, false."
        raise InvalidQuery([FieldError(PREVIEW, "invalid_choice", detail)])
    return value == "true"
