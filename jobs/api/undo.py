"""The JSON door's way back: what comes in, what the schema says of it, and the call."""

import re
from datetime import datetime
from typing import Any, Final

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
from jobs.api.serializers import JobSerializer
from jobs.api.views import JsonView, found
from jobs.models import Job

MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


class MomentField(serializers.DateTimeField):
    """A moment in its zone, as the API writes it (RFC 3339). A number is not taken for one."""

    default_error_messages = {
        "required": "Send the job's updated_at.",
        "null": "Send the job's updated_at.",
        "invalid": "A moment is text, like 2026-11-22T10:00:00.000000Z.",
        "overflow": "No job is from then.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not MOMENT.fullmatch(value):
            self.fail("invalid", format="")
        return super().to_internal_value(value)


class UndoSerializer(serializers.Serializer[Job]):
    updated_at = MomentField(help_text="The job's `updated_at`, as you last saw it.")


undo_status = extend_schema(
    operation_id="undo_status",
    summary="Take back the newest status change",
    description="Appends the status before it, with `undoes`: the history shows both. Only while nothing newer has"
    " happened.",
    extensions=refuses("job_changed", "nothing_to_undo"),
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
