"""The endpoints of the trash, and their descriptions in the schema."""

from typing import Any, Final

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.confirmation import require_confirmed
from jobs.api.http.base import JsonView
from jobs.api.http.idempotency import idempotent
from jobs.api.http.parsers import reject_incomplete_body
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.operations import PAGING as PAGING_PARAMETERS
from jobs.api.pagination import page_response
from jobs.api.problems.exceptions import JobExists, KeyTaken, NotInTrash
from jobs.api.problems.responses import problem_body
from jobs.api.trash.serializers import (
    RestorationsSerializer,
    RestoreSerializer,
    TrashedJobSerializer,
    TrashPageSerializer,
)
from jobs.audit.kinds import Kind
from jobs.audit.requests import record_request
from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.ids import LARGEST_ID
from jobs.listing.paging import PAGING, Paging
from jobs.trash.emptying import discard
from jobs.trash.restoring import Restoration, restore_jobs
from jobs.trash.rows import TrashedJob, trash_count, trash_page, trashed_job

TRASHED_ID: Final = OpenApiParameter(
    "trashed_id",
    {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    OpenApiParameter.PATH,
    description="The id of the deleted job.",
    examples=[OpenApiExample("a job", value=12)],
)
REFUSALS: Final = {refused.code: refused for refused in (NotInTrash(), JobExists())}


def _json(trashed: TrashedJob) -> dict[str, Any]:
    return {
        **trashed.job.content(),
        "deleted_at": trashed.deleted_at,
        "expires_at": trashed.expires_at,
        "actor": trashed.actor,
        "operation_id": trashed.operation_id,
    }


def _result(outcome: Restoration) -> dict[str, Any]:
    """The outcome for one job, as described by RestorationSerializer."""
    if outcome.job is not None:
        return {"id": outcome.job_id, "status": 200, "job": outcome.job.content()}
    refused = REFUSALS.get(outcome.refusal) or KeyTaken(outcome.holder)
    problem = problem_body(refused.status_code, refused.code, str(refused.detail))
    if outcome.holder:
        problem["job_id"] = outcome.holder
    return {"id": outcome.job_id, "status": problem["status"], "problem": problem}


class TrashView(JsonView):
    query_parameters = {"GET": PAGING}

    @extend_schema(
        operation_id="list_trash",
        summary="List deleted jobs",
        description="Returns a page of the jobs in the trash, the newest deletions first.",
        tags=["trash"],
        parameters=PAGING_PARAMETERS,
        responses={200: OpenApiResponse(TrashPageSerializer, "A page of deleted jobs.")},
        examples=[response_example(examples.TRASH)],
    )
    def get(self, request: Request) -> Response:
        paging = Paging.parse(request.query_params)
        page = trash_page(paging)
        results = [_json(trashed) for trashed in page.rows]
        return page_response(request, page, trash_count(), results, paging.query_string)


class TrashedJobView(JsonView):
    @extend_schema(
        operation_id="get_trashed_job",
        summary="Get a deleted job",
        description="Returns the job as it was when it was deleted.",
        tags=["trash"],
        parameters=[TRASHED_ID],
        responses={200: OpenApiResponse(TrashedJobSerializer, "The deleted job.")},
        examples=[response_example(examples.TRASHED_JOB)],
    )
    def get(self, request: Request, trashed_id: int) -> Response:
        trashed = trashed_job(trashed_id)
        if trashed is None:
            raise NotInTrash
        return Response(_json(trashed))

    @extend_schema(
        operation_id="discard_trashed_job",
        summary="Delete a job for good",
        description="Deletes the job and its status history from the trash. This cannot be undone.",
        tags=["trash"],
        parameters=[TRASHED_ID],
        responses={204: OpenApiResponse(description="The job was deleted for good.")},
    )
    @idempotent
    def delete(self, request: Request, trashed_id: int) -> Response:
        reject_incomplete_body(request, request.body)
        if not discard(trashed_id):
            raise NotInTrash
        # Nothing else is left of it.
        record_request(request, Kind.JOB_DISCARDED, str(trashed_id))
        return Response(status=204)


class RestoreView(JsonView):
    @extend_schema(
        operation_id="restore_jobs",
        summary="Restore deleted jobs",
        description=f"Restores up to {MAX_BULK_JOBS:,} jobs from the trash in one transaction: each with its id, fields,"
        " `created_at` and status history, and with a new `updated_at`. If the body is invalid, no job is restored. A job that"
        " is not in the trash, or whose `key` another job has by now, is skipped; the others are restored. The problem `key_taken` has the id of"
        " the other job as `job_id`. `results` has an"
        " outcome for each job, in the order of the request.",
        tags=["trash"],
        request=RestoreSerializer,
        responses={200: OpenApiResponse(RestorationsSerializer, "The outcome for each job.")},
        examples=[request_example({"ids": [12, 13]}), response_example(examples.RESTORED)],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        body = RestoreSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        require_confirmed(request, len(body.validated_data["ids"]))
        outcomes = restore_jobs(body.validated_data["ids"])
        return Response({"results": [_result(outcome) for outcome in outcomes]})
