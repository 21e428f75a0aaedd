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
Creates a PENDING job for every line, or none if any line is wrong. With `on_error=skip`, wrong lines are left out and
reported. All jobs are created at the same moment, in the order of the body, which is read as it arrives and may be sent in
chunks.

- `application/x-ndjson`: an object in each line, such as `{"name": "Wing"}`; blank lines are ignored. `application/ndjson`,
  `application/jsonl` and `application/x-jsonlines` are accepted too
- `text/csv` (or `application/csv`, `text/tab-separated-values`): a row of column names in any case, `name` among them, then
  a row for each job; in UTF-8, with or without a byte order mark. Cells are separated by commas, semicolons or tabs: the
  first row shows by which, or a line such as `sep=;` before it. Rows of blank cells, empty columns at the end and an
  unnamed first column of row numbers are ignored. The apostrophes with which an export guards against formulas are removed

`id`, `current_status`, `created_at` and `updated_at`, which an export writes, are allowed and ignored; `ignored_fields`
names those that were sent. Any other field is refused.

Nothing is imported from a body that breaks off, arrives too slowly or is too large. Unless the server is configured
otherwise, the limits are 1 GiB, 10 million lines of 64 KiB each, and 15 minutes."""


class ImportedJobSerializer(serializers.Serializer[Any]):
    """A job to create. In addition to its name it may have what an export writes, which is ignored."""

    name = NameField()
    id = serializers.JSONField(required=False, help_text="Ignored, like the members below.")
    current_status = serializers.JSONField(required=False)
    created_at = serializers.JSONField(required=False)
    updated_at = serializers.JSONField(required=False)


class ImportReportSerializer(serializers.Serializer[Any]):
    """What an import did."""

    created = serializers.IntegerField(min_value=0, help_text="The number of new jobs.")
    skipped = serializers.IntegerField(
        min_value=0, help_text="The number of wrong lines that were left out."
    )
    errors = serializers.ListField(  # type: ignore[assignment]  # the wire's name for them
        child=MistakeField(), help_text="What is wrong with the first 100 of them."
    )
    ignored_fields = serializers.ListField(
        child=serializers.CharField(), help_text="The fields that were sent and ignored."
    )


import_jobs = extend_schema(
    operation_id="import_jobs",
    summary="Import jobs",
    description=IMPORT,
    parameters=[
        OpenApiParameter(
            "on_error",
            str,
            enum=ON_ERROR,
            default=ON_ERROR[0],
            description="What to do about wrong lines: import nothing, or leave them out.",
        )
    ],
    request={
        "application/x-ndjson": ImportedJobSerializer(many=True),
        "text/csv": {
            "type": "string",
            "description": "CSV: a row of column names, then a row for each job.",
        },
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
    responses={201: OpenApiResponse(ImportReportSerializer, "The jobs were created.")},
    extensions=refuses("invalid_lines", "too_many_jobs", "busy", "no_space"),
)
