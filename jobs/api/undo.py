"""Undo of a status change: serializers, schema and view."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.http.headers import ETAG, IF_MATCH
from jobs.api.http.idempotency import idempotent
from jobs.api.http.preconditions import if_match_versions, job_response
from jobs.api.openapi import examples, operations
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.serializers import BodySerializer, JobSerializer
from jobs.api.views import JsonView, or_404
from jobs.models import Job
from jobs.timestamps import parse_timestamp


class TimestampField(serializers.DateTimeField):
    """A timestamp with an offset, as responses have it (RFC 3339). It must be a string."""

    default_error_messages = {
        "required": "Send the job's updated_at.",
        "null": "Send the job's updated_at.",
        "invalid": "Must be a timestamp with an offset: 2026-11-22T10:00:00.000000Z or 2026-11-22T15:30:00.000000+05:30.",
        "overflow": "The timestamp is out of range.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return (
                parse_timestamp(value)
                if isinstance(value, str)
                else self.fail("invalid", format="")
            )
        except OverflowError:
            self.fail("overflow")
        except ValueError:
            self.fail("invalid", format="")


class UndoSerializer(BodySerializer):
    """The version of the job whose status change to undo."""

    ignored = frozenset({"id", "current_status", "created_at"})

    updated_at = TimestampField(
        help_text="The job's `updated_at` as last read, with all digits of its seconds."
    )


undo_status = extend_schema(
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
    @undo_status
    @idempotent
    def post(self, request: Request, job_id: int) -> Response:
        body = UndoSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        seen = body.validated_data["updated_at"]
        return job_response(
            or_404(Job.objects.undo_status(job_id, seen, if_match_versions(request)))
        )
