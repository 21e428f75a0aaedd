"""What the OpenAPI schema says of each call, apart from the code of the views.

How a call may refuse is added to all of them by jobs/api/openapi.py.
"""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from jobs.api import examples, serializers
from jobs.api.examples import answered, sent
from jobs.api.headers import ETAG, IF_MATCH, IF_NONE_MATCH
from jobs.filters import DEFAULT_ORDERING
from jobs.grammar import MAX_LENGTH
from jobs.ids import LARGEST_ID
from jobs.models import MAX_NAME_LENGTH
from jobs.paging import DEFAULT_PAGE_SIZE, PAGE_SIZES

# The first is what a client gets that has no wish.
SCHEMA_TYPES = (
    "application/json",
    "application/yaml",
    "application/vnd.oai.openapi+json",
    "application/vnd.oai.openapi",
)
FORMAT = "format"
FORMATS = ("json", "yaml")
NO_NUL = r"^[^\x00]*$"
KNOWN = {304: OpenApiResponse(description="The job is in a version that `If-None-Match` names.")}
JOB_ID = OpenApiParameter(
    "job_id",
    {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    OpenApiParameter.PATH,
    description="The job's id.",
    examples=[OpenApiExample("a job", value=12)],
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, description="The job's address.", response=[201]
)
PAGING = [
    OpenApiParameter(
        "page_size",
        {
            "type": "integer",
            "minimum": PAGE_SIZES[0],
            "maximum": PAGE_SIZES[-1],
            "default": DEFAULT_PAGE_SIZE,
        },
        description="The number of results at most.",
    ),
    OpenApiParameter(
        "cursor",
        {"type": "string", "minLength": 1},
        description="A place in the list, from `next` or `previous` of a page of the same list.",
    ),
]
SEARCH = """\
A search. A job matches if it meets every term, and all the other parameters.

- `turbine "thermal analysis"`, `name:turbine`: part of the name, in any case
- `status:failed,pending`: any of these; `-status:completed`: none of these
- `created:2026-11-20`, `updated:2026-11-01..2026-11-20`: on these days; also a year, a month, a minute or a second
- `created:>=2026-11-20`, `updated:<2026-11-20T14:05Z`: since, before; also `>` and `<=`
- `updated:<2h`, `created:>7d`: less than, more than this long ago; units s, m, h, d, w
- `id:12,34`: these jobs, 200 at most

Times without an offset are in UTC. 20 terms and 2,000 characters at most. A term that is not understood is refused;
`detail` quotes it and suggests what may be meant."""

LIST_FILTERS = [
    OpenApiParameter(
        "status",
        {"type": "array", "items": {"$ref": "#/components/schemas/StatusType"}},
        description="Any of these statuses.",
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
        description="Part of the name, in any case, taken literally.",
    ),
    OpenApiParameter(
        "ordering",
        {"$ref": "#/components/schemas/Ordering", "default": DEFAULT_ORDERING},
        description="What the list is sorted by.",
    ),
]

list_jobs = extend_schema(
    operation_id="list_jobs",
    summary="List jobs",
    description="Returns a page of jobs. Follow `next` until it is null to read all of them: no job is repeated, and no job"
    " that exists throughout is left out, whatever is created and deleted in the meantime.",
    parameters=[
        *LIST_FILTERS,
        *PAGING,
    ],
    responses={200: OpenApiResponse(serializers.JobPageSerializer, "A page of jobs.")},
    examples=[
        answered(examples.JOBS, name="page", summary="The first page"),
        answered(examples.STOPPED, name="stopped", summary="A search that continues at `next`"),
    ],
)
create_job = extend_schema(
    operation_id="create_job",
    summary="Create a job",
    description="Creates a job with a name; its status is PENDING. Send an `Idempotency-Key` to be able to repeat the request"
    " without creating the job twice.",
    parameters=[LOCATION, ETAG],
    request=serializers.NewJobSerializer,
    responses={201: OpenApiResponse(serializers.JobSerializer, "The new job.")},
    examples=[sent({"name": examples.JOB["name"]}), answered(examples.NEW_JOB, 201)],
)
get_job = extend_schema(
    operation_id="get_job",
    summary="Get a job",
    description="Returns the job with its current status. With `If-None-Match`, only if it has changed since.",
    parameters=[JOB_ID, ETAG, IF_NONE_MATCH],
    responses={200: OpenApiResponse(serializers.JobSerializer, "The job.")} | KNOWN,
    examples=[answered(examples.JOB)],
)
change_job = extend_schema(
    operation_id="change_job",
    summary="Update a job",
    description="Records a status, changes the name, or both. Any status may follow any other. Every status that is sent is"
    " appended to the history, even if it is the current one; a new name alone appends nothing.",
    parameters=[JOB_ID, ETAG, IF_MATCH],
    request=serializers.JobChangeSerializer,
    responses={200: OpenApiResponse(serializers.JobSerializer, "The job as it is now.")},
    examples=[
        sent({"status_type": "FAILED"}, name="status", summary="A status"),
        sent({"name": "Second try"}, name="name", summary="A name"),
        answered(examples.FAILED_JOB),
    ],
)
delete_job = extend_schema(
    operation_id="delete_job",
    summary="Delete a job",
    description="Deletes the job and its status history.",
    parameters=[JOB_ID, IF_MATCH],
    responses={204: OpenApiResponse(description="The job was deleted; there is no body.")},
)
list_statuses = extend_schema(
    operation_id="list_statuses",
    summary="List a job's statuses",
    description="Returns a page of the job's status history, newest first.",
    parameters=[JOB_ID, *PAGING],
    responses={200: OpenApiResponse(serializers.StatusPageSerializer, "A page of statuses.")},
    examples=[answered(examples.STATUSES)],
)
get_counts = extend_schema(
    operation_id="get_counts",
    summary="Count jobs",
    description="Returns the exact number of jobs, in all and for each status.",
    responses={200: OpenApiResponse(serializers.CountsSerializer, "The counts.")},
    examples=[answered(examples.COUNTS)],
)
get_health = extend_schema(
    operation_id="get_health",
    summary="Check the service's health",
    description="Succeeds if the process can serve requests and its database takes changes.",
    tags=["service"],
    responses={200: OpenApiResponse(serializers.HealthSerializer, "The service works.")},
    examples=[answered({"status": "ok", "feed": {"behind_seconds": 0.0}})],
)
get_root = extend_schema(
    operation_id="get_root",
    summary="List the API's addresses",
    description="Returns the address of each part of the API.",
    tags=["service"],
    responses={200: OpenApiResponse(serializers.RootSerializer, "The addresses, absolute.")},
    examples=[answered(examples.ADDRESSES)],
)
get_schema = extend_schema(
    operation_id="get_schema",
    summary="Get the OpenAPI document",
    description="Returns this description of the API, as OpenAPI 3.1: as JSON, unless `format` or else `Accept` asks for"
    " YAML. `servers` names the site that was asked.",
    tags=["service"],
    parameters=[
        OpenApiParameter(
            FORMAT,
            str,
            enum=FORMATS,
            description="The format of the document, whatever `Accept` says.",
        )
    ],
    responses={
        (200, media_type): OpenApiResponse(OpenApiTypes.OBJECT, "The document.")
        for media_type in SCHEMA_TYPES
    },
)
