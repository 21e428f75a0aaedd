"""A job by its key: gets it, or creates it unless it exists."""

from typing import Any, Final

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.http.base import JsonView
from jobs.api.http.headers import ETAG, IF_NONE_MATCH
from jobs.api.http.idempotency import idempotent
from jobs.api.http.preconditions import conditional_response, job_response
from jobs.api.http.source import CHANGE_SOURCE, report_of
from jobs.api.job_fields import KeyField
from jobs.api.openapi import examples, operations
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.problems.exceptions import InvalidHeader, JobNotFound, or_404
from jobs.api.serializers import JobSerializer, NewJobSerializer
from jobs.changes.conflicts import KeyTaken
from jobs.models import Job
from jobs.rows import JobRow

KEY: Final = OpenApiParameter(
    "key",
    {"type": "string", "minLength": 1},
    OpenApiParameter.PATH,
    description="The job's key, percent-encoded.",
    examples=[OpenApiExample("a key", value=examples.JOB["key"])],
)
ETAG_OF_BOTH: Final = OpenApiParameter(
    ETAG.name, str, OpenApiParameter.HEADER, description=ETAG.description, response=[200, 201]
)


class KeyedJobSerializer(NewJobSerializer):
    """A job to create unless there is one with the key in the URL, which need not be repeated."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        del fields["key"]
        return fields

    ignored = NewJobSerializer.ignored | {"key"}

    def _contradicting(self, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        wrong = super()._contradicting(data)
        if data.get("key", self.context["key"]) != self.context["key"]:
            detail = "The key in the body is not the one in the URL. Omit key."
            wrong["key"] = [ErrorDetail(detail, "key_mismatch")]
        return wrong


get_job_by_key = extend_schema(
    operation_id="get_job_by_key",
    summary="Get a job by its key",
    description="As `get_job`, by the id that another system gives the job.",
    extensions=fails_with("job_not_found"),
    parameters=[KEY, ETAG, IF_NONE_MATCH],
    responses={200: OpenApiResponse(JobSerializer, "The job.")} | operations.NOT_MODIFIED,
    examples=[response_example(examples.JOB)],
)
create_or_get_job = extend_schema(
    operation_id="create_or_get_job",
    summary="Create a job unless its key exists",
    description="Returns the job with this key, unchanged, or creates it as `create_job` does. Of concurrent requests with the same"
    " key, one creates the job and all return it, so a request can be repeated at any time.",
    parameters=[KEY, operations.LOCATION, ETAG_OF_BOTH, CHANGE_SOURCE],
    request=KeyedJobSerializer,
    responses={
        200: OpenApiResponse(JobSerializer, "The job that has the key."),
        201: OpenApiResponse(JobSerializer, "The new job."),
    },
    examples=[
        request_example({"name": examples.JOB["name"], "labels": examples.JOB["labels"]}),
        response_example(examples.JOB, name="existing"),
        response_example(examples.NEW_JOB, 201, name="new"),
    ],
)


class KeyedJobView(JsonView):
    @get_job_by_key
    def get(self, request: Request, key: str) -> Response:
        try:
            key = _valid(key)
        except serializers.ValidationError as error:
            raise JobNotFound from error
        job = or_404(Job.objects.by_key(key))
        return conditional_response(request, job.updated_at, job.content)

    @create_or_get_job
    @idempotent
    def put(self, request: Request, key: str) -> Response:
        _refuse_conditions(request)
        key = _valid(key)
        body = KeyedJobSerializer(data=request.data, context={"key": key})
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        report = report_of(request, values)
        job, is_new = create_or_get(key, report=report, **values)
        headers = {"Location": reverse("api:job", args=[job.id])} if is_new else None
        return job_response(job, 201 if is_new else 200, headers)


def create_or_get(key: str, **values: Any) -> tuple[JobRow, bool]:
    """The job with the key, and whether it is new."""
    while True:
        if job := Job.objects.by_key(key):
            return job, False
        try:
            return Job.objects.create_pending(key=key, **values), True
        except KeyTaken:  # meanwhile; it may also be deleted meanwhile
            continue


def _refuse_conditions(request: Request) -> None:
    """A client that sends a condition expects a change of the job, or a refusal, where it would get the job."""
    for header in ("If-Match", "If-None-Match"):
        if header in request.headers:
            detail = "A PUT creates a job or returns it, and never changes it. Omit the header."
            raise InvalidHeader(header, detail, "misplaced")


def _valid(key: str) -> str:
    """Raises ValidationError."""
    try:
        valid: str = KeyField().run_validation(key)
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"key": error.detail}) from error
    return valid
