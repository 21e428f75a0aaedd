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
from jobs.listing import ORDERINGS
from jobs.models import MAX_NAME_LENGTH
from jobs.paging import DEFAULT_PAGE_SIZE, PAGE_SIZES
from jobs.statuses import StatusType

SCHEMA_TYPES = (
    "application/yaml",
    "application/json",
    "application/vnd.oai.openapi",
    "application/vnd.oai.openapi+json",
)
NO_NUL = r"^[^\x00]*$"
KNOWN = {304: OpenApiResponse(description="If-None-Match names the job's version.")}
JOB_ID = OpenApiParameter(
    "job_id",
    {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    OpenApiParameter.PATH,
    description="The job's number.",
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
        description="How many at most.",
    ),
    OpenApiParameter(
        "cursor",
        str,
        description="A place in the list, from `next` or `previous` of the same list.",
    ),
]
SEARCH = """\
What the list is narrowed to; all of its parts hold at once, and together with the other parameters.

- `turbine "thermal analysis"`, `name:turbine`: parts of the name, in any case
- `status:failed,pending`: any of these; `-status:completed`: none of these
- `created:2026-11-20`, `updated:2026-11-01..2026-11-20`: within these days; also a year, a month, a minute, a second
- `created:>=2026-11-20`, `updated:<2026-11-20T14:05Z`: since, before; also `>`, `<=`
- `updated:<2h`, `created:>7d`: less, more than so long ago; units s, m, h, d, w
- `id:12,34`: these jobs, at most 200

Times are UTC where they name no offset. At most 20 parts and 2,000 characters. A part that is not understood is
refused; `detail` quotes it, and says what may be meant."""

LIST_FILTERS = [
    OpenApiParameter("status", str, many=True, enum=StatusType.values, description="Any of these."),
    OpenApiParameter(
        "q",
        {"type": "string", "maxLength": MAX_LENGTH, "pattern": NO_NUL},
        description=SEARCH,
        examples=[OpenApiExample("failed turbines", value="turbine status:failed")],
    ),
    OpenApiParameter(
        "search",
        {"type": "string", "maxLength": MAX_NAME_LENGTH, "pattern": NO_NUL},
        description="Part of the name, in any case, taken as it is.",
    ),
    OpenApiParameter(
        "ordering",
        str,
        enum=list(ORDERINGS),
        default=DEFAULT_ORDERING,
        description="What the list is sorted by; `-` turns it round.",
    ),
]

list_jobs = extend_schema(
    operation_id="list_jobs",
    summary="A page of jobs",
    description="Follow `next` until it is null: a walk repeats nothing and leaves nothing out that was there all the"
    " time, whatever is created and deleted meanwhile.",
    parameters=[
        *LIST_FILTERS,
        *PAGING,
    ],
    responses={200: OpenApiResponse(serializers.JobPageSerializer, "A page.")},
    examples=[
        answered(examples.JOBS, name="page", summary="The first page"),
        answered(examples.STOPPED, name="stopped", summary="A search that goes on at `next`"),
    ],
)
create_job = extend_schema(
    operation_id="create_job",
    summary="Create a job, PENDING",
    parameters=[LOCATION, ETAG],
    request=serializers.NewJobSerializer,
    responses={201: OpenApiResponse(serializers.JobSerializer, "The new job.")},
    examples=[sent({"name": examples.JOB["name"]}), answered(examples.NEW_JOB, 201)],
)
get_job = extend_schema(
    operation_id="get_job",
    summary="A job",
    parameters=[JOB_ID, ETAG, IF_NONE_MATCH],
    responses={200: OpenApiResponse(serializers.JobSerializer, "The job.")} | KNOWN,
    examples=[answered(examples.JOB)],
)
change_job = extend_schema(
    operation_id="change_job",
    summary="Record a status, rename, or both",
    description="Any status may follow any other. Each one that is sent is appended to the history, the same one"
    " again too; a new name alone appends nothing.",
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
    summary="Delete a job and its history",
    parameters=[JOB_ID, IF_MATCH],
    responses={204: OpenApiResponse(description="It is gone; there is no body.")},
)
list_statuses = extend_schema(
    operation_id="list_statuses",
    summary="A job's status history, newest first",
    parameters=[JOB_ID, *PAGING],
    responses={200: OpenApiResponse(serializers.StatusPageSerializer, "A page.")},
    examples=[answered(examples.STATUSES)],
)
get_counts = extend_schema(
    operation_id="get_counts",
    summary="Exact number of jobs per status and in all",
    responses={200: OpenApiResponse(serializers.CountsSerializer, "The numbers.")},
    examples=[answered(examples.COUNTS)],
)
get_health = extend_schema(
    operation_id="get_health",
    summary="Whether the process can serve and reach its database",
    tags=["service"],
    responses={200: OpenApiResponse(serializers.HealthSerializer, "It can.")},
    examples=[answered({"status": "ok"})],
)
get_root = extend_schema(
    operation_id="get_root",
    summary="Where everything is",
    tags=["service"],
    responses={200: OpenApiResponse(serializers.RootSerializer, "Whole addresses.")},
    examples=[answered(examples.ADDRESSES)],
)
get_schema = extend_schema(
    operation_id="get_schema",
    summary="This description, as OpenAPI 3.1",
    description="As JSON where `Accept` asks for it, else as YAML.",
    tags=["service"],
    responses={
        (200, media_type): OpenApiResponse(OpenApiTypes.OBJECT, "The schema.")
        for media_type in SCHEMA_TYPES
    },
)
