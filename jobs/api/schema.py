"""What the OpenAPI schema says of each call, apart from the code of the views."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from jobs.api import serializers
from jobs.api.headers import ETAG, IF_MATCH, IF_NONE_MATCH
from jobs.filters import DEFAULT_ORDERING, DEFAULT_PAGE_SIZE, PAGE_SIZES
from jobs.listing import ORDERINGS
from jobs.statuses import StatusType


def problem_answer(status: int, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    answer = OpenApiResponse(serializers.ProblemSerializer, description)
    return {(status, "application/problem+json"): answer}


BAD = problem_answer(400, "The request is wrong; `errors` says where.")
MISSING = problem_answer(404, "There is no such job.")
CONFLICT = problem_answer(
    409,
    "`job_changed`, or `nothing_to_undo`: nothing was undone. `request_in_flight`: one with this Idempotency-Key is"
    " under way.",
)
BODY = problem_answer(413, "The body is too large.") | problem_answer(
    415, "The body is not application/json."
)
OTHER_VERSION = problem_answer(
    412, "The job is not in a version that If-Match names. Nothing was done."
)
KNOWN = {304: OpenApiResponse(description="If-None-Match names the job's version.")}
IN_FLIGHT = problem_answer(409, "`request_in_flight`: one with this Idempotency-Key is under way.")
REUSED = problem_answer(422, "The Idempotency-Key was used for another request.")
DOWN = problem_answer(503, "The database cannot be reached.")
BUSY = problem_answer(
    503, "`busy`: as many exports and imports as may run at once are running; see Retry-After."
)
JOB_ID = OpenApiParameter(
    "job_id", {"type": "integer", "format": "int64", "minimum": 1}, OpenApiParameter.PATH
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, description="The job's address.", response=[201]
)
PAGING = [
    OpenApiParameter(
        "page_size",
        {"type": "integer", "minimum": 1, "maximum": PAGE_SIZES[-1], "default": DEFAULT_PAGE_SIZE},
    ),
    OpenApiParameter("cursor", str, description="From `next` or `previous` of the same list."),
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
    OpenApiParameter("q", str, description=SEARCH),
    OpenApiParameter("search", str, description="Part of the name, in any case, taken as it is."),
    OpenApiParameter("ordering", str, enum=list(ORDERINGS), default=DEFAULT_ORDERING),
]

list_jobs = extend_schema(
    operation_id="list_jobs",
    summary="A page of jobs",
    parameters=[
        *LIST_FILTERS,
        *PAGING,
    ],
    responses={200: serializers.JobPageSerializer} | BAD,
)
create_job = extend_schema(
    operation_id="create_job",
    summary="Create a job, PENDING",
    parameters=[LOCATION, ETAG],
    request=serializers.NewJobSerializer,
    responses={201: serializers.JobSerializer} | BAD | IN_FLIGHT | BODY | REUSED,
)
get_job = extend_schema(
    operation_id="get_job",
    summary="A job",
    parameters=[JOB_ID, ETAG, IF_NONE_MATCH],
    responses={200: serializers.JobSerializer} | KNOWN | BAD | MISSING,
)
change_job = extend_schema(
    operation_id="change_job",
    summary="Record a status, rename, or both",
    parameters=[JOB_ID, ETAG, IF_MATCH],
    request=serializers.JobChangeSerializer,
    responses={200: serializers.JobSerializer}
    | BAD
    | MISSING
    | IN_FLIGHT
    | OTHER_VERSION
    | BODY
    | REUSED,
)
delete_job = extend_schema(
    operation_id="delete_job",
    summary="Delete a job and its history",
    parameters=[JOB_ID, IF_MATCH],
    responses={204: None} | BAD | MISSING | OTHER_VERSION,
)
list_statuses = extend_schema(
    operation_id="list_statuses",
    summary="A job's status history, newest first",
    parameters=[JOB_ID, *PAGING],
    responses={200: serializers.StatusPageSerializer} | BAD | MISSING,
)
get_counts = extend_schema(
    operation_id="get_counts",
    summary="Exact number of jobs per status and in all",
    responses={200: serializers.CountsSerializer} | BAD,
)
get_health = extend_schema(
    operation_id="get_health",
    summary="Whether the process can serve and reach its database",
    responses={200: {"type": "object", "properties": {"status": {"const": "ok"}}}} | DOWN,
)
