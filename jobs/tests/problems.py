"""Checks that every problem document passes."""

import json
from typing import Any

from jobs.api.problems.responses import title
from jobs.tests.factories import database_rows

MEMBERS = {"type", "title", "status", "detail", "code"}
EVERYTHING = (
    "SELECT 'job', id, name, current_status, updated_at FROM job UNION ALL"
    " SELECT 'status', id, job_id::text, status_type, timestamp FROM job_status ORDER BY 1, 2"
)


def problem_of(response: Any, status: int) -> Any:
    """The problem document of a response, which must be one."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem.keys() - {"errors", "error_count", "job_id"} == MEMBERS
    assert ("job_id" in problem) == (problem["code"] == "key_taken")
    assert problem["status"] == status
    assert problem["title"] == title(status)
    assert problem["detail"]
    assert problem["code"].isidentifier()
    for error in problem.get("errors", []):
        assert error.keys() - {"line"} == {"field", "code", "detail"}
        assert error["detail"]
    return problem


def stored() -> list[tuple[Any, ...]]:
    """All jobs and statuses in the database, to compare before and after."""
    return database_rows(EVERYTHING)
