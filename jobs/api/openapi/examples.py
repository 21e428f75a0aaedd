"""The examples in the schema, which follow one job that runs and fails."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

from jobs.rows import COLUMNS, JobRow
from jobs.statuses import StatusType

ROOT: Final = "http://localhost:8000/api/"
JOB: Final = JobRow._make(column.example for column in COLUMNS).content()
RECEIPT: Final = {
    "id": "0f8b7c1e-5a3d-4c56-9d1f-6b2f0e9a7c44",
    "jobs": 10_200_314,
    "bytes": 1_611_649_612,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "finished_at": "2026-11-22T10:05:31.771204Z",
}
NEW_JOB: Final = JOB | {"current_status": "PENDING", "updated_at": JOB["created_at"]}
FAILED_JOB: Final = JOB | {
    "current_status": "FAILED",
    "updated_at": "2026-11-22T10:31:40.118230Z",
}
UNDONE_JOB: Final = JOB | {"updated_at": "2026-11-22T10:31:44.907002Z"}
JOBS: Final = {
    "count": 10_200_314,
    "count_relation": "exact",
    "next": f"{ROOT}jobs/?page_size=1&cursor=WyIyMDI2LTExLTIyIiwxMl0",
    "previous": None,
    "results": [JOB],
}
STOPPED: Final = {
    "count": 3,
    "count_relation": "at_least",
    "next": f"{ROOT}jobs/?q=zq&cursor=WyIyMDI2LTExLTAxIiw5XQ",
    "previous": None,
    "scanned": 180_000,
    "results": [],
}
FAILURE: Final = {
    "status_type": "FAILED",
    "reason": "Diverged at step 412: Courant number 3.1",
    "occurred_at": "2026-11-22T10:31:38.500000Z",
}
STATUSES: Final = {
    "count": 4,
    "count_relation": "exact",
    "next": None,
    "previous": None,
    "results": [
        {
            "id": 31,
            "status_type": "RUNNING",
            "timestamp": JOB["updated_at"],
            "undoes": 30,
            "source": "undo",
        },
        {
            "id": 30,
            "timestamp": "2026-11-22T10:03:50.000871Z",
            "source": "api",
            **FAILURE,
            "occurred_at": "2026-11-22T10:03:48.500000Z",
        },
        {
            "id": 29,
            "status_type": "RUNNING",
            "timestamp": "2026-11-22T09:59:02.740006Z",
            "source": "page",
        },
        {
            "id": 28,
            "status_type": "PENDING",
            "timestamp": JOB["created_at"],
            "source": "api",
        },
    ],
}
URLS: Final = {
    "jobs": f"{ROOT}jobs/",
    "counts": f"{ROOT}jobs/counts/",
    "operations": f"{ROOT}operations/",
    "proposals": f"{ROOT}proposals/",
    "views": f"{ROOT}views/",
    "trash": f"{ROOT}trash/",
    "events": f"{ROOT}events/",
    "health": f"{ROOT}health/",
    "schema": f"{ROOT}schema/",
    "docs": f"{ROOT}docs/",
}
VIEW: Final = {
    "id": 3,
    "name": "Failed today",
    "status": ["FAILED"],
    "q": "updated:today",
    "ordering": "-created_at",
    "page_size": 50,
    "columns": [],
    "position": 1,
    "is_default": False,
    "is_shared": True,
    "owner": "anna",
    "created_at": "2026-11-22T10:12:05.410388Z",
    "updated_at": "2026-11-22T10:12:05.410388Z",
}
COUNTS: Final = {
    "total": 10_200_314,
    "by_status": dict.fromkeys(StatusType.values, 0)
    | {"PENDING": 812, "RUNNING": 64, "COMPLETED": 9_930_211, "FAILED": 269_227},
}
CHANGES: Final = {"jobs": [{"id": 12, **FAILURE}, {"id": 13, "name": "Wing"}]}
OUTCOMES: Final = {
    "results": [
        {"id": 12, "status": 200, "job": FAILED_JOB},
        {
            "id": 13,
            "status": 404,
            "problem": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "Job not found.",
                "code": "job_not_found",
            },
        },
    ]
}
UNDONE_JOBS: Final = {
    "results": [{"id": 12, "status": 200, "job": UNDONE_JOB}, OUTCOMES["results"][1]]
}
DELETED_JOBS: Final = {"results": [{"id": 12, "status": 204}, OUTCOMES["results"][1]]}
TRASHED_JOB: Final = JOB | {
    "deleted_at": "2026-11-22T10:40:09.552710Z",
    "expires_at": "2026-11-29T10:40:09.552710Z",
    "actor": "anna",
    "operation_id": None,
}
TRASH: Final = {
    "count": 1,
    "count_relation": "exact",
    "next": None,
    "previous": None,
    "results": [TRASHED_JOB],
}
RESTORED: Final = {
    "results": [
        {"id": 12, "status": 200, "job": JOB | {"updated_at": "2026-11-22T10:41:30.009137Z"}},
        {
            "id": 13,
            "status": 404,
            "problem": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "The job is not in the trash.",
                "code": "not_in_trash",
            },
        },
    ]
}
IMPORTED: Final = {"created": 2, "skipped": 0, "errors": [], "ignored_fields": []}


def request_example(value: Any, name: str = "body", summary: str = "") -> OpenApiExample:
    """An example of a request body."""
    return OpenApiExample(name, summary=summary, value=value, request_only=True)


def response_example(
    value: Any, status: int = 200, name: str = "response", summary: str = ""
) -> OpenApiExample:
    """An example of a response body."""
    return OpenApiExample(
        name, summary=summary, value=value, response_only=True, status_codes=[str(status)]
    )
