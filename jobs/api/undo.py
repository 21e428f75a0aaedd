"""Undo of a status change: serializers, schema and view."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.bodies import BodySerializer
from jobs.api.fields import TimestampField
from jobs.api.http.base import JsonView
from jobs.api.http.headers import ETAG, IF_MATCH
from jobs.api.http.idempotency import idempotent
from jobs.api.http.preconditions import if_match_versions, job_response
from jobs.api.http.source import actor_of
from jobs.api.openapi import examples, operations
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.problems.exceptions import or_404
from jobs.api.serializers import JobSerializer
from jobs.changes.undo import undo_status
from jobs.rows import NAMES


class UndoSerializer(BodySerializer):
    """The version of the job whose status change to undo. May be the whole job, as a response returned it."""

    ignored = frozenset(NAMES)

    updated_at = TimestampField(
        help_text="The job's `updated_at` as last read, with all digits of its seconds."
    )


undo_status_schema = extend_schema(
    operation_id="undo_status",
    summary="Undo a job's latest status change",
    description="Appends the previous status to the history, with `undoes`; no entry is removed. `updated_at` identifies the"
    " status change: if the job has changed since, nothing is undone.",
    extensions=fails_with("job_changed", "nothing_to_undo", "updated_at_truncated"),
    parameters=[operations.JOB_ID, ETAG, IF_MATCH],
    request=UndoSerializer,
    responses={200: OpenApiResponse(JobSerializer, "The updated job.")},
    examples=[
        request_example({"updated_at": examples.FAILED_JOB["updated_at"]}),
        response_example(examples.UNDONE_JOB),
    ],
)


class UndoView(JsonView):
    @undo_status_schema
    @idempotent
    def post(self, request: Request, job_id: int) -> Response:
        body = UndoSerializer(data=request.data, context={"id": job_id})
        body.is_valid(raise_exception=True)
        updated_at, versions = body.validated_data["updated_at"], if_match_versions(request)
        return job_response(or_404(undo_status(job_id, updated_at, versions, actor_of(request))))
