"""The operations in the OpenAPI schema. jobs/api/openapi/hooks.py adds their errors."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from jobs.api import serializers, service_serializers
from jobs.api.http.headers import ETAG, IF_MATCH, IF_NONE_MATCH
from jobs.api.http.source import CHANGE_SOURCE
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.hooks import fails_with
from jobs.filters import DEFAULT_ORDERING, TZ
from jobs.ids import LARGEST_ID
from jobs.listing.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from jobs.models import MAX_NAME_LENGTH
from jobs.rows import WRITABLE
from jobs.search.parser import MAX_IDS, MAX_LENGTH, MAX_TERMS
from jobs.search.terms import FIELDS
from jobs.timestamps import MAX_ZONE_LENGTH, UTC_NAME
from jobs.version import VERSION

# The first is the default.
SCHEMA_TYPES = (
    "application/json",
    "application/yaml",
    "application/vnd.oai.openapi+json",
    "application/vnd.oai.openapi",
)
FORMAT = "format"
FORMATS = ("json", "yaml")
NO_NUL = r"^[^\x00]*$"
NOT_MODIFIED = {
    304: OpenApiResponse(description="The job's current version matches `If-None-Match`.")
}
JOB_ID = OpenApiParameter(
    "job_id",
    {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    OpenApiParameter.PATH,
    description="The job's id.",
    examples=[OpenApiExample("a job", value=12)],
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, description="The job's URL.", response=[201]
)
PAGING = [
    OpenApiParameter(
        "page_size",
        {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_PAGE_SIZE,
            "default": DEFAULT_PAGE_SIZE,
        },
        description="The maximum number of results.",
    ),
    OpenApiParameter(
        "cursor",
        {"type": "string", "minLength": 1},
        description="A position in the list, from `next` or `previous` in a page of the same list.",
    ),
]
SEARCH_FIELDS = "\n".join(
    f"- `{example}`: {meaning[0].lower()}{meaning[1:]}"
    for field in FIELDS.values()
    for example, meaning in field.help
)
SEARCH = f"""\
A search query. A job matches if it matches all terms and all other parameters.

{SEARCH_FIELDS}

A term without a field searches the name, as `name:` does. Days, and times without an offset, are in the time zone `tz`,
and weeks start on Monday. The limits are {MAX_TERMS} terms, {MAX_IDS} IDs and {MAX_LENGTH:,} characters. An invalid term is an error, whose `detail` quotes it and
suggests corrections."""

LIST_FILTERS = [
    OpenApiParameter(
        "status",
        {"type": "array", "items": {"$ref": "#/components/schemas/StatusType"}},
        description="Only jobs with one of these statuses.",
    ),
    OpenApiParameter(
        "q",
        {"type": "string", "maxLength": MAX_LENGTH, "pattern": NO_NUL},
        description=SEARCH,
        examples=[OpenApiExample("failed turbines", value="turbine status:failed")],
    ),
    OpenApiParameter(
        "search",
        {"type": "string", "maxLength": MAX_NAME_LENGTH, "pattern": NO_NUL},
        description="Only jobs whose name contains this text (case-insensitive), taken literally.",
    ),
    OpenApiParameter(
        TZ,
        {"type": "string", "minLength": 1, "maxLength": MAX_ZONE_LENGTH, "default": UTC_NAME},
        description="The IANA name of the time zone, as in `Asia/Kolkata`, of the days and the times without an offset in `q`.",
    ),
    OpenApiParameter(
        "ordering",
        {"$ref": "#/components/schemas/Ordering", "default": DEFAULT_ORDERING},
        description="The sort order.",
    ),
]

list_jobs = extend_schema(
    operation_id="list_jobs",
    summary="List jobs",
    description="Returns a page of jobs. To read all jobs, follow `next` until it is null. Ordered by `created_at`, no job is"
    " repeated, and none that matches the query throughout is missed. Ordered by `updated_at` or `name`, a job that changes"
    " in the meantime may appear twice or not at all.",
    parameters=[
        *LIST_FILTERS,
        *PAGING,
    ],
    responses={200: OpenApiResponse(serializers.JobPageSerializer, "A page of jobs.")},
    examples=[
        response_example(examples.JOBS, name="page", summary="The first page"),
        response_example(
            examples.STOPPED, name="stopped", summary="A search that continues at `next`"
        ),
    ],
)
create_job = extend_schema(
    operation_id="create_job",
    summary="Create a job",
    description="Creates a PENDING job. `reason` and `occurred_at` are those of its first status. Send an `Idempotency-Key` to be able to retry the request without creating a second"
    " job.",
    extensions=fails_with("key_taken"),
    parameters=[LOCATION, ETAG, CHANGE_SOURCE],
    request=serializers.NewJobSerializer,
    responses={201: OpenApiResponse(serializers.JobSerializer, "The new job.")},
    examples=[
        request_example({name: examples.JOB[name] for name in WRITABLE}),
        response_example(examples.NEW_JOB, 201),
    ],
)
get_job = extend_schema(
    operation_id="get_job",
    summary="Get a job",
    description="Returns the job with its current status. With `If-None-Match`, returns it only if it has changed.",
    parameters=[JOB_ID, ETAG, IF_NONE_MATCH],
    responses={200: OpenApiResponse(serializers.JobSerializer, "The job.")} | NOT_MODIFIED,
    examples=[response_example(examples.JOB)],
)
change_job = extend_schema(
    operation_id="change_job",
    summary="Update a job",
    description="Records a status, sets other fields, or both. Any status may follow any other. Every status that is sent is"
    " appended to the history, even if it is the current one, with its `reason` and `occurred_at`. The history records nothing else.",
    extensions=fails_with("key_taken", "too_many_labels"),
    parameters=[JOB_ID, ETAG, IF_MATCH, CHANGE_SOURCE],
    request=serializers.JobChangeSerializer,
    responses={200: OpenApiResponse(serializers.JobSerializer, "The updated job.")},
    examples=[
        request_example(examples.FAILURE, name="status", summary="A status"),
        request_example({"name": "Second try"}, name="name", summary="A name"),
        request_example(
            {"labels": {"team": "fluid", "draft": None}},
            name="labels",
            summary="A label that is set, and one that is removed",
        ),
        response_example(examples.FAILED_JOB),
    ],
)
delete_job = extend_schema(
    operation_id="delete_job",
    summary="Delete a job",
    description="Deletes the job and its status history.",
    parameters=[JOB_ID, IF_MATCH],
    responses={204: OpenApiResponse(description="The job was deleted. The response has no body.")},
)
list_statuses = extend_schema(
    operation_id="list_statuses",
    summary="List a job's statuses",
    description="Returns a page of the job's status history, newest first.",
    parameters=[JOB_ID, *PAGING],
    responses={200: OpenApiResponse(serializers.StatusPageSerializer, "A page of statuses.")},
    examples=[response_example(examples.STATUSES)],
)
get_counts = extend_schema(
    operation_id="get_counts",
    summary="Count jobs",
    description="Returns the exact number of jobs, in total and by status.",
    responses={200: OpenApiResponse(serializers.CountsSerializer, "The counts.")},
    examples=[response_example(examples.COUNTS)],
)
get_health = extend_schema(
    operation_id="get_health",
    summary="Check the service's health",
    description="Succeeds if the service can handle requests and its database accepts changes.",
    tags=["service"],
    responses={
        200: OpenApiResponse(service_serializers.HealthSerializer, "The service is healthy.")
    },
    examples=[response_example({"status": "ok", "feed": {"behind_seconds": 0.0}})],
)
get_liveness = extend_schema(
    operation_id="get_liveness",
    summary="Check whether the process is alive",
    description="Succeeds while the process answers. It does not ask the database.",
    tags=["service"],
    responses={200: OpenApiResponse(service_serializers.BuildSerializer, "The service is alive.")},
    examples=[response_example({"status": "ok", "version": VERSION, "build": "3f9c2ab"})],
)
get_readiness = extend_schema(
    operation_id="get_readiness",
    summary="Check whether to send requests",
    description="Succeeds if the database accepts changes and all migrations have been run.",
    tags=["service"],
    extensions=fails_with("migrations_pending"),
    responses={
        200: OpenApiResponse(service_serializers.ReadinessSerializer, "The service is ready.")
    },
    examples=[
        response_example(
            {"status": "ok", "worker": "present", "version": VERSION, "build": "3f9c2ab"}
        )
    ],
)
get_root = extend_schema(
    operation_id="get_root",
    summary="List the API's URLs",
    description="Returns the URL of each part of the API.",
    tags=["service"],
    responses={200: OpenApiResponse(service_serializers.RootSerializer, "The absolute URLs.")},
    examples=[response_example(examples.URLS)],
)
get_schema = extend_schema(
    operation_id="get_schema",
    summary="Get the OpenAPI document",
    description="Returns this description of the API (OpenAPI 3.1), as JSON unless `format` or, without it, `Accept` requests"
    " YAML. `servers` contains the site that the request was sent to.",
    tags=["service"],
    parameters=[
        OpenApiParameter(
            FORMAT,
            str,
            enum=FORMATS,
            description="The format of the document; takes precedence over `Accept`.",
        )
    ],
    responses={
        (200, media_type): OpenApiResponse(OpenApiTypes.OBJECT, "The document.")
        for media_type in SCHEMA_TYPES
    },
)
