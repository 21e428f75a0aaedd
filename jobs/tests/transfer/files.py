"""Exports and imports files through the API."""

import json
from typing import Any

from jobs.models import Job
from jobs.tests.conftest import Api
from jobs.tests.problems import problem_of, stored

NDJSON, CSV = "application/x-ndjson", "text/csv"


def export(api: Api, query: str = "") -> bytes:
    response = api.call("GET", f"/api/jobs/export/?{query}")
    assert response.status_code == 200, response.content
    body: bytes = b"".join(response.streaming_content)
    return body


def send(api: Api, body: bytes | str, content_type: str = NDJSON, query: str = "") -> Any:
    data = body.encode() if isinstance(body, str) else body
    path = f"/api/jobs/import/{query}"
    # The type is given twice, because the test client omits it for an empty body.
    return api.call("POST", path, data, content_type=content_type, CONTENT_TYPE=content_type)


def imported(
    api: Api, body: bytes | str, content_type: str = NDJSON, query: str = ""
) -> dict[str, Any]:
    """The report of an import that must succeed."""
    response = send(api, body, content_type, query)
    assert response.status_code == 201, response.content
    report: dict[str, Any] = json.loads(response.content)
    return report


def refused(api: Api, body: bytes | str, content_type: str = NDJSON) -> list[tuple[int, str, str]]:
    """Line, field and code of each error of a rejected import, which must create nothing."""
    before = stored()
    problem = problem_of(send(api, body, content_type), 400)
    assert stored() == before
    assert problem["code"] == "invalid_lines"
    assert problem["error_count"] == len(problem["errors"])
    assert "Nothing was imported." in problem["detail"]
    return [(error["line"], error["field"], error["code"]) for error in problem["errors"]]


def names() -> list[str]:
    return list(Job.objects.order_by("id").values_list("name", flat=True))
