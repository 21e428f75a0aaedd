"""Deletion of many jobs: serializers, schema and view."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.confirmation import require_confirmed
from jobs.api.bodies import BodySerializer
from jobs.api.bulk import BulkParser, ItemSerializer, read_items, refusal
from jobs.api.fields import JobIdField, TimestampField
from jobs.api.http.base import JsonView
from jobs.api.http.idempotency import idempotent
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.shapes import OPEN_ENUM
from jobs.api.serializers import ProblemField
from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.changes.bulk_delete import Deletion, DeletionOutcome, remove_jobs
from jobs.changes.versions import TRUNCATED
from jobs.rows import NAMES

DETAILS: Final = {
    "updated_at_truncated": f"{TRUNCATED} The job was not deleted.",
    "job_changed": "The job has changed since this updated_at, and was not deleted. Get the job again, and send its new"
    " updated_at if it should still be deleted.",
}


class DeletionSerializer(ItemSerializer):
    """A job's id, and optionally the version to delete. May be the whole job, as a response returned it."""

    item = "A deletion"
    ignored = frozenset(NAMES)

    id = JobIdField()
    updated_at = TimestampField(
        required=False,
        help_text="The job's `updated_at`; if the job has changed since, it is not deleted.",
    )


class ManyDeletionsSerializer(BodySerializer):
    """The jobs to delete, each at most once."""

    jobs = serializers.ListField(child=DeletionSerializer(), min_length=1, max_length=MAX_BULK_JOBS)


@extend_schema_field({"type": "integer", OPEN_ENUM: [204, 404, 409]})
class DeletionStatusField(serializers.IntegerField):
    """The HTTP status that a request for this job alone would have."""


class DeletionOutcomeSerializer(serializers.Serializer[Any]):
    """The outcome for one job: 204 if it was deleted, otherwise the `problem`."""

    id = serializers.IntegerField()
    status = DeletionStatusField(help_text="An HTTP status.")
    problem = ProblemField(required=False)


class DeletionOutcomesSerializer(serializers.Serializer[Any]):
    """The outcome for each job, in the order of the request."""

    results = DeletionOutcomeSerializer(many=True)


delete_jobs_schema = extend_schema(
    operation_id="delete_jobs",
    summary="Delete many jobs",
    description=f"Deletes up to {MAX_BULK_JOBS:,} jobs and their status histories in one transaction. If the body is invalid,"
    " no job is deleted. A job that does not exist, or that has changed since the `updated_at` sent with it, is skipped; the"
    " other jobs are deleted. `results` has an outcome for each job, in the order of the request. `If-Match` is not"
    " supported; send each job's `updated_at` instead.",
    request=ManyDeletionsSerializer,
    responses={200: OpenApiResponse(DeletionOutcomesSerializer, "The outcome for each job.")},
    examples=[
        request_example(
            {"jobs": [{"id": 12, "updated_at": examples.JOB["updated_at"]}, {"id": 13}]}
        ),
        response_example(examples.DELETED_JOBS),
    ],
)


class BulkDeleteView(JsonView):
    parser_classes = (BulkParser,)

    @delete_jobs_schema
    @idempotent
    def post(self, request: Request) -> Response:
        items = read_items(request, ManyDeletionsSerializer, DeletionSerializer)
        require_confirmed(request, len(items))
        deletions = [Deletion(item["id"], item.get("updated_at")) for item in items]
        return Response({"results": [_result(outcome) for outcome in remove_jobs(deletions)]})


def _result(outcome: DeletionOutcome) -> dict[str, Any]:
    """The outcome for one job, as described by DeletionOutcomeSerializer."""
    if outcome.refusal:
        return refusal(outcome.job_id, outcome.refusal, DETAILS)
    return {"id": outcome.job_id, "status": 204}
