"""What the OpenAPI schema says of the import."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from jobs.api import examples
from jobs.api.examples import answered
from jobs.api.openapi import refuses
from jobs.api.serializers import MistakeField, NameField

ON_ERROR: Final = ("stop", "skip")

IMPORT = """\
Makes a PENDING job of every line: all of them, or none where one is wrong. With `on_error=skip` the wrong ones are
left out and told. All begin at one moment, in the order of the body, which is read as it comes, and may come in chunks.

- `application/x-ndjson`: an object in each line, as `{"name": "Wing"}`; blank lines are passed over
- `text/csv`: a row that names the columns, `name` among them, then one for each job; UTF-8. A name that begins with
  apostrophes and then `=`, `+`, `-`, `@`, a tab or a line's end loses the first of them, which an export has put there

`id`, `current_status`, `created_at` and `updated_at` may come along, as an export writes them, and are ignored;
`ignored_fields` names those that came. Any other field is refused.

A body that breaks off, comes too slowly or is too large leaves nothing behind. At most 1 GiB, 10 million lines of
64 KiB and 15 minutes, where the server is not told otherwise."""


class ImportedJobSerializer(serializers.Serializer[Any]):
    """A new job; and what an export writes beside its name."""

    name = NameField()
    id = serializers.JSONField(required=False, help_text="Ignored, as all that follows.")
    current_status = serializers.JSONField(required=False)
    created_at = serializers.JSONField(required=False)
    updated_at = serializers.JSONField(required=False)


class ImportReportSerializer(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    skipped = serializers.IntegerField(help_text="How many were wrong.")
    errors = serializers.ListField(  # type: ignore[assignment]  # the wire's name for them
        child=MistakeField(), help_text="What was wrong, of the first 100."
    )
    ignored_fields = serializers.ListField(child=serializers.CharField())


import_jobs = extend_schema(
    operation_id="import_jobs",
    summary="Create many jobs, PENDING, from a file",
    description=IMPORT,
    parameters=[
        OpenApiParameter(
            "on_error",
            str,
            enum=ON_ERROR,
            default=ON_ERROR[0],
            description="What a wrong line does.",
        )
    ],
    request={
        "application/x-ndjson": ImportedJobSerializer(many=True),
        "text/csv": {"type": "string"},
    },
    examples=[
        OpenApiExample(
            "ndjson",
            {"name": "Wing"},
            request_only=True,
            media_type="application/x-ndjson",
        ),
        OpenApiExample("csv", "name\nWing\nTail\n", request_only=True, media_type="text/csv"),
        answered(examples.IMPORTED, 201),
    ],
    responses={201: OpenApiResponse(ImportReportSerializer, "What became of the lines.")},
    extensions=refuses("invalid_lines", "too_many_jobs", "busy"),
)
