"""The tools that read."""

from __future__ import annotations

from typing import Any, Final

from jobs.api.operations.views import operation_json, read_state
from jobs.api.problems.exceptions import JobNotFound, OperationNotFound
from jobs.api.proposals.views import found, proposal_json
from jobs.api.serializers import status_json
from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.history import history_page
from jobs.listing.paging import Paging
from jobs.mcp import arguments, schemas
from jobs.mcp.schemas import DEFAULT_ROWS, ID, NEXT_CURSOR, NUMBER, OBJECT, SEARCH, TEXT
from jobs.mcp.tool import UNTRUSTED, Caller, Tool
from jobs.models import Job
from jobs.operations.rows import operations_page, read_operation, worker_is_alive
from jobs.operations.selection import Selection
from jobs.proposals.rows import read_proposal
from jobs.search.terms import FIELDS, OPERATORS


def search_jobs(values: Any, caller: Caller) -> dict[str, Any]:
    jobs = JobList(JobFilter.parse(values.parameters()))
    page = jobs.page()
    count = jobs.count_for_page(page)
    content = {
        "jobs": [row.content() for row in page.rows],
        "count": count.value,
        "count_relation": count.relation,
        "next_cursor": page.next,
    }
    return content if page.scanned is None else content | {"scanned": page.scanned}


def get_job(values: Any, caller: Caller) -> dict[str, Any]:
    job_id = values.validated_data["id"]
    row = Job.objects.row(job_id)
    if row is None:
        raise JobNotFound
    page = history_page(job_id, Paging(DEFAULT_ROWS, values.validated_data.get("cursor")))
    history = [status_json(entry) for entry in page.rows]
    return {"job": row.content(), "history": history, "next_cursor": page.next}


def count_jobs(values: Any, caller: Caller) -> dict[str, Any]:
    selection = Selection(JobFilter.parse(values.parameters()))
    counts = selection.counts()
    count = selection.count(counts)
    return {
        "count": count.value,
        "count_relation": count.relation,
        "by_status": {status.value: number for status, number in counts.by_status.items()},
    }


def explain_search(values: Any, caller: Caller) -> dict[str, Any]:
    job_filter = JobFilter.parse(values.parameters())
    filters = [
        {"example": example, "finds": finds}
        for field in FIELDS.values()
        for example, finds in field.help
    ]
    operators = [{"example": value, "finds": words} for value, words in OPERATORS]
    words = Selection(job_filter).words
    return {"q": str(job_filter.q), "in_words": words, "language": filters + operators}


def get_operation(values: Any, caller: Caller) -> dict[str, Any]:
    operation = read_operation(values.validated_data["id"])
    if operation is None:
        raise OperationNotFound
    return {"operation": operation_json(operation, worker_is_alive())}


def list_operations(values: Any, caller: Caller) -> dict[str, Any]:
    query = values.parameters()
    page = operations_page(Paging.parse(query), read_state(query))
    is_alive = worker_is_alive()
    operations = [operation_json(operation, is_alive) for operation in page.rows]
    return {"operations": operations, "next_cursor": page.next}


def get_proposal(values: Any, caller: Caller) -> dict[str, Any]:
    return {"proposal": proposal_json(found(read_proposal(values.validated_data["id"])))}


READING: Final = (
    Tool(
        name="search_jobs",
        title="Search jobs",
        description="Lists the jobs that a search finds, or all of them, up to 100 at a time."
        + UNTRUSTED,
        arguments=arguments.SearchArguments,
        properties=SEARCH
        | {
            "ordering": schemas.ORDERING,
            "page_size": schemas.PAGE_SIZE,
            "cursor": schemas.CURSOR,
        },
        output={
            "jobs": schemas.a_list(schemas.JOB),
            "count": NUMBER,
            "count_relation": schemas.COUNT_RELATION,
            "next_cursor": NEXT_CURSOR,
            "scanned": NUMBER
            | {"description": "Only if the search stopped early: next_cursor continues it."},
        },
        optional_output=("scanned",),
        run=search_jobs,
    ),
    Tool(
        name="get_job",
        title="Get a job",
        description="Returns a job and its status history, newest first, with the reasons, up to 50 entries at a time."
        + UNTRUSTED,
        arguments=arguments.JobArguments,
        properties={"id": ID, "cursor": schemas.CURSOR},
        required=("id",),
        output={
            "job": schemas.JOB,
            "history": schemas.a_list(OBJECT),
            "next_cursor": NEXT_CURSOR,
        },
        run=get_job,
    ),
    Tool(
        name="count_jobs",
        title="Count jobs",
        description="Counts the jobs that a search finds, or all of them, in total and by status.",
        arguments=arguments.FilterArguments,
        properties=SEARCH,
        output={
            "count": NUMBER,
            "count_relation": schemas.COUNT_RELATION,
            "by_status": schemas.BY_STATUS,
        },
        run=count_jobs,
    ),
    Tool(
        name="explain_search",
        title="Explain a search",
        description="Checks a search and says in words what it finds; also returns the search language, by examples.",
        arguments=arguments.ExplainArguments,
        properties={"q": SEARCH["q"], "tz": SEARCH["tz"]},
        output={
            "q": TEXT,
            "in_words": TEXT,
            "language": schemas.a_list(
                {
                    "type": "object",
                    "properties": {"example": TEXT, "finds": TEXT},
                    "required": ["example", "finds"],
                }
            ),
        },
        run=explain_search,
    ),
    Tool(
        name="get_operation",
        title="Get an operation",
        description="Returns an operation, a change of many jobs in the background, with its progress."
        + UNTRUSTED,
        arguments=arguments.IdArguments,
        properties={"id": ID},
        required=("id",),
        output={"operation": OBJECT},
        run=get_operation,
    ),
    Tool(
        name="list_operations",
        title="List operations",
        description="Lists operations, newest first." + UNTRUSTED,
        arguments=arguments.OperationsArguments,
        properties={
            "state": schemas.OPERATION_STATE,
            "page_size": schemas.PAGE_SIZE,
            "cursor": schemas.CURSOR,
        },
        output={"operations": schemas.a_list(OBJECT), "next_cursor": NEXT_CURSOR},
        run=list_operations,
    ),
    Tool(
        name="get_proposal",
        title="Get a proposal",
        description="Returns a proposal: whether a person has approved it, and the operation that it has become."
        + UNTRUSTED,
        arguments=arguments.IdArguments,
        properties={"id": ID},
        required=("id",),
        output={"proposal": OBJECT},
        run=get_proposal,
    ),
)
