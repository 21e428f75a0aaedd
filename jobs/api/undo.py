"""The JSON door's way back: what comes in, what the schema says of it, and the call."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api import examples, schema
from jobs.api.examples import answered, sent
from jobs.api.headers import ETAG, IF_MATCH
from jobs.api.idempotency import idempotent
from jobs.api.openapi import refuses
from jobs.api.preconditions import job_response, meant_versions
from jobs.api.serializers import BodySerializer, JobSerializer
from jobs.api.views import JsonView, found
from jobs.models import Job
from jobs.moments import read_moment


class MomentField(serializers.DateTimeField):
    """A moment in its zone, as the API writes it (RFC 3339). A number is not taken for one."""

    default_error_messages = {
        "required": "Send the job's updated_at.",
        "null": "Send the job's updated_at.",
        "invalid": "A moment is text with its zone: 2026-11-22T10:00:00.000000Z or 2026-11-22T15:30:00.000000+05:30.",
        "overflow": "No job is from then.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return read_moment(value) if isinstance(value, str) else self.fail("invalid", format="")
        except OverflowError:
            self.fail("overflow")
        except ValueError:
            self.fail("invalid", format="")


class UndoSerializer(BodySerializer):
    """The version of the job whose status is to be undone."""

    ignored = frozenset({"id", "current_status", "created_at"})

    updated_at = MomentField(
        help_text="The job's `updated_at` as it was last read, with its microseconds."
    )


undo_status = extend_schema(
    operation_id="undo_status",
    summary="Undo a job's latest status change",
    description="Appends the status before it to the history, with `undoes`; nothing is erased. `updated_at` identifies the"
    " change: if the job has changed since, nothing is undone.",
    extensions=refuses("job_changed", "nothing_to_undo", "updated_at_truncated"),
    parameters=[schema.JOB_ID, ETAG, IF_MATCH],
    request=UndoSerializer,
    responses={200: OpenApiResponse(JobSerializer, "The job as it is now.")},
    examples=[
        sent({"updated_at": examples.FAILED_JOB["updated_at"]}),
        answered(examples.UNDONE_JOB),
    ],
)


class UndoView(JsonView):
    @undo_status
    @idempotent
    def post(self, request: Request, job_id: int) -> Response:
        body = UndoSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        seen = body.validated_data["updated_at"]
        return job_response(found(Job.objects.undo_status(job_id, seen, meant_versions(request))))
