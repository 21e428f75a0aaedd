"""The import in the OpenAPI schema."""

from typing import Any, Final

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from jobs.api.openapi import examples
from jobs.api.openapi.examples import response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.serializers import FieldErrorField, NewColumnsSerializer
from jobs.limits import (
    MAX_LINE_BYTES,
    MAX_REPORTED_ERRORS,
    duration_text,
    number_text,
    size_text,
)
from jobs.rows import READ_ONLY

ON_ERROR: Final = ("stop", "skip")

*FIRST, LAST = (f"`{name}`" for name in READ_ONLY)
BYTES, LINES = size_text(settings.IMPORT_MAX_BYTES), number_text(settings.IMPORT_MAX_LINES)
IMPORT = f"""\
Creates a PENDING job for each line, or no job if any line is invalid. With `on_error=skip`, invalid lines are skipped and
reported. All jobs are created at the same time, in the order of the body, which is processed as it arrives and may be
sent in chunks.

- `application/x-ndjson`: one object per line, such as `{{"name": "Wing", "labels": {{"team": "fluid"}}}}`; blank lines are ignored. `application/ndjson`,
  `application/jsonl` and `application/x-jsonlines` are also accepted
- `text/csv` (or `application/csv`, `text/tab-separated-values`): a row of column names, which include `name` and are not
  case-sensitive, then one row per job, in UTF-8, with or without a byte order mark. Cells are separated by commas,
  semicolons or tabs, determined by the first row or by a line such as `sep=;` before it. Blank lines, rows of blank cells in
  several columns, empty columns at the end and an unnamed first column of row numbers are ignored. The apostrophes by
  which an export prevents formulas are removed

`labels` in CSV are a JSON object; a blank cell is no key, or no labels. A line whose `key` another job or an earlier line has is
invalid (`key_taken`).

The columns of an export, {", ".join(FIRST)} and {LAST}, are allowed and ignored; `ignored_fields`
lists those that were sent. Any other field is an error.

Nothing is imported from a body that is incomplete, arrives too slowly or is too large. The limits are {BYTES}, {LINES}
lines of {size_text(MAX_LINE_BYTES)} each, and {duration_text(settings.IMPORT_SECONDS)}."""


class ImportedJobSerializer(NewColumnsSerializer):
    """A job to create. It may also have the other fields of an export, which are ignored."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        first, *others = READ_ONLY
        text = "Ignored, like the fields below."
        ignored = {first: serializers.JSONField(required=False, help_text=text)}
        ignored |= {name: serializers.JSONField(required=False) for name in others}
        return super().get_fields() | ignored


class ImportReportSerializer(serializers.Serializer[Any]):
    """The result of an import."""

    created = serializers.IntegerField(min_value=0, help_text="The number of jobs created.")
    skipped = serializers.IntegerField(
        min_value=0, help_text="The number of invalid lines that were skipped."
    )
    errors = serializers.ListField(  # type: ignore[assignment]  # the name in the JSON
        child=FieldErrorField(), help_text=f"The errors of the first {MAX_REPORTED_ERRORS} of them."
    )
    ignored_fields = serializers.ListField(
        child=serializers.CharField(),
        help_text="The names of the fields that were sent and ignored.",
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
            description="Whether an invalid line stops the import, so that nothing is imported, or is skipped.",
        )
    ],
    request={
        "application/x-ndjson": ImportedJobSerializer(many=True),
        "text/csv": {
            "type": "string",
            "description": "CSV: a row of column names, then one row per job.",
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
        response_example(examples.IMPORTED, 201),
    ],
    responses={201: OpenApiResponse(ImportReportSerializer, "The jobs were created.")},
    extensions=fails_with(
        "invalid_lines", "too_many_jobs", "busy", "concurrency_limited", "no_space"
    ),
)
