"""The audit in the OpenAPI schema."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from jobs.api.openapi.examples import response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.openapi.operations import PAGING
from jobs.api.serializers import PageSerializer
from jobs.audit.export import FORMATS
from jobs.audit.filters import ACTOR, DAY, KIND, TZ
from jobs.audit.kinds import Kind
from jobs.timestamps import UTC_NAME

FORMAT: Final = "format"
DEFAULT_FORMAT: Final = "ndjson"


class AuditEntrySerializer(serializers.Serializer[Any]):
    """Who did what. Fields that do not apply are null."""

    at = serializers.DateTimeField(help_text="When it happened.")
    kind = serializers.CharField(help_text="What happened. Values may be added.")
    actor = serializers.CharField(
        allow_null=True,
        help_text="The name of the user who did it; null if nobody was logged in, and for what the dashboard or its command"
        " line did.",
    )
    user = serializers.CharField(
        allow_null=True, help_text="The name of the user whose account or token it is about."
    )
    name = serializers.CharField(
        allow_null=True,
        help_text="The name that was entered, the beginning of the token, or the name of the job.",
    )
    address = serializers.CharField(allow_null=True, help_text="From which address.")
    detail = serializers.CharField(
        allow_null=True,
        help_text="By which factor, which role, why a token was refused, the action of the operation, or the status.",
    )
    source = serializers.CharField(  # type: ignore[assignment]  # the field's name
        allow_null=True, help_text="By what an operation was started, such as `retention`."
    )
    job_id = serializers.IntegerField(min_value=1, allow_null=True, help_text="The job.")
    operation_id = serializers.IntegerField(
        min_value=1, allow_null=True, help_text="The operation."
    )
    dropped = serializers.IntegerField(
        min_value=1,
        allow_null=True,
        help_text="How many entries of this kind were not logged one by one, in the minute that begins at `at`.",
    )


class AuditPageSerializer(PageSerializer):
    """A page of the audit."""

    results = AuditEntrySerializer(many=True)


FILTERS: Final = [
    OpenApiParameter(
        ACTOR,
        str,
        description="Only what this user did, and what is about the user's account. With it, the user's status changes are"
        " listed too, but for those by operations and imports.",
    ),
    OpenApiParameter(KIND, str, enum=list(Kind), description="Only entries of this kind."),
    OpenApiParameter(
        DAY, {"type": "string", "format": "date"}, description="Only entries of this day."
    ),
    OpenApiParameter(
        TZ,
        {"type": "string", "default": UTC_NAME},
        description="The time zone of `day`, an IANA name.",
    ),
]
FILE: Final = OpenApiParameter(
    FORMAT, str, enum=list(FORMATS), default=DEFAULT_FORMAT, description="The format of the file."
)
ENTRY: Final = {
    "at": "2026-11-30T09:41:07.120394Z",
    "kind": "logged_in",
    "actor": "anna",
    "user": "anna",
    "name": "anna",
    "address": "192.0.2.17",
    "detail": "password",
    "source": None,
    "job_id": None,
    "operation_id": None,
    "dropped": None,
}

list_audit = extend_schema(
    operation_id="list_audit",
    summary="List who did what",
    description="Returns a page of the audit, the newest entries first: logins, accounts, tokens, operations, imports and"
    " deletions, and with `actor` that user's status changes. For admins only.",
    tags=["audit"],
    parameters=[*FILTERS, *PAGING],
    responses={200: OpenApiResponse(AuditPageSerializer, "A page of the audit.")},
    examples=[
        response_example(
            {
                "count": 1,
                "count_relation": "exact",
                "next": None,
                "previous": None,
                "results": [ENTRY],
            }
        )
    ],
)
export_audit = extend_schema(
    operation_id="export_audit",
    summary="Export who did what",
    description="Returns all of these entries as `ndjson`, or as `csv` with a header. In `csv`, names and details that a"
    " spreadsheet would take for a formula are prefixed with an apostrophe. If an error occurs during the export, the"
    " connection is reset. For admins only.",
    tags=["audit"],
    parameters=[FILE, *FILTERS],
    responses={
        (200, "application/x-ndjson"): OpenApiResponse(
            AuditEntrySerializer(many=True), "The entries."
        ),
        (200, "text/csv"): {
            "type": "string",
            "description": "CSV: a header, then one row per entry.",
        },
    },
    extensions=fails_with("busy", "concurrency_limited"),
)
