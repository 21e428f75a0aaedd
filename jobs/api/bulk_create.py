"""Creation of many jobs: serializers, schema and view."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.bodies import BodySerializer
from jobs.api.bulk import BulkParser, ItemSerializer, read_items
from jobs.api.fields import StatusField
from jobs.api.http.base import JsonView
from jobs.api.http.idempotency import idempotent
from jobs.api.http.source import CHANGE_SOURCE, actor_of, source_of
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.shapes import OPEN_ENUM
from jobs.api.problems.handler import key_taken
from jobs.api.serializers import JobSerializer, NewJobSerializer, ProblemField
from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.changes.bulk_create import Creation, NewJob, create_jobs
from jobs.statuses import StatusType


class NewItemSerializer(ItemSerializer, NewJobSerializer):
    """A job to create, and its first status, which is PENDING unless another one is sent."""

    item = "A job"

    status_type = StatusField(required=False)

    def _contradicting(self, data: dict[str, Any]) -> dict[str, Any]:
        """A job as it was received has the status that it shall have."""
        if data.get("current_status") == data.get("status_type", StatusType.PENDING):
            return {}
        return super()._contradicting(data)


class NewJobsSerializer(BodySerializer):
    """The jobs to create."""

    jobs = serializers.ListField(child=NewItemSerializer(), min_length=1, max_length=MAX_BULK_JOBS)


@extend_schema_field({"type": "integer", OPEN_ENUM: [201, 409]})
class CreationStatusField(serializers.IntegerField):
    """The HTTP status that a request for this job alone would have."""


class CreationOutcomeSerializer(serializers.Serializer[Any]):
    """The outcome for one job: the new `job` if `status` is 201, otherwise the `problem`."""

    status = CreationStatusField(help_text="An HTTP status.")
    job = JobSerializer(required=False)
    problem = ProblemField(required=False)


class CreationOutcomesSerializer(serializers.Serializer[Any]):
    """The outcome for each job, in the order of the request."""

    results = CreationOutcomeSerializer(many=True)


CREATED: Final = {
    "results": [
        {
            "status": 201,
            "job": examples.FAILED_JOB | {"created_at": examples.FAILED_JOB["updated_at"]},
        },
        {"status": 409, "problem": key_taken(12)},
    ]
}

create_jobs_schema = extend_schema(
    operation_id="create_jobs",
    summary="Create many jobs",
    description=f"Creates up to {MAX_BULK_JOBS:,} jobs in one transaction, with ids in the order of the request. `status_type` is the"
    " first status of a job, PENDING by default, with its `reason` and `occurred_at`. If the body is invalid, no job is created. A"
    " job whose key is taken, also by an earlier one of the request, is not created; the others are. `results` has an outcome for"
    " each job, in the order of the request.",
    parameters=[CHANGE_SOURCE],
    request=NewJobsSerializer,
    responses={200: OpenApiResponse(CreationOutcomesSerializer, "The outcome for each job.")},
    examples=[
        request_example(
            {
                "jobs": [
                    {"name": examples.JOB["name"], "key": "run-18", **examples.FAILURE},
                    {"name": "Wing", "key": examples.JOB["key"]},
                ]
            }
        ),
        response_example(CREATED),
    ],
)


class BulkCreateView(JsonView):
    parser_classes = (BulkParser,)

    @create_jobs_schema
    @idempotent
    def post(self, request: Request) -> Response:
        source = source_of(request)
        jobs = [
            _new_job(item) for item in read_items(request, NewJobsSerializer, NewItemSerializer)
        ]
        return Response(
            {"results": [_result(each) for each in create_jobs(jobs, source, actor_of(request))]}
        )


def _new_job(values: dict[str, Any]) -> NewJob:
    status = values.pop("status_type", StatusType.PENDING)
    reason, occurred_at = values.pop("reason", None), values.pop("occurred_at", None)
    return NewJob(values, status, reason, occurred_at)


def _result(creation: Creation) -> dict[str, Any]:
    """The outcome for one job, as described by CreationOutcomeSerializer."""
    if creation.job is not None:
        return {"status": 201, "job": creation.job.content()}
    assert creation.holder is not None
    return {"status": 409, "problem": key_taken(creation.holder)}
