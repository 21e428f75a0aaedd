"""A program that declares one column more than jobs.rows, and prints its `outlets` or its `refusals` as JSON.

It runs in a process of its own, because the statements are built when their modules are imported.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from unittest.mock import patch

import django

NAME: Final = "made_up"
VALUE: Final = '=Q"1'
"""A formula with a quote, so that each format must treat it as text."""
DEFINITION: Final = f"{NAME} text NOT NULL DEFAULT '{VALUE}'"


def declare() -> None:
    """Replaces jobs.rows, before any other module imports it, by one with the column NAME at the end."""
    import jobs

    path = Path(jobs.__path__[0], "rows.py")
    source = path.read_text()
    for end, addition in (
        ("\n)\n", f'    Column("{NAME}", Kind.TEXT, "cfd", is_writable=True),'),
        ("\n    labels: list[str]\n", f"    {NAME}: str"),
    ):
        assert source.count(end) == 1
        source = source.replace(end, f"{end}{addition}\n" if ":" in end else f"\n{addition}{end}")
    module = ModuleType("jobs.rows")
    sys.modules["jobs.rows"] = module
    exec(compile(source, path, "exec"), module.__dict__)  # noqa: S102  # our own source


def outlets() -> Iterator[tuple[str, Any]]:
    """The name of each outlet, and the job or the jobs that it returns."""
    from django.test import Client

    from jobs.live import ShownJobs
    from jobs.search import limits
    from jobs.tests.factories import wait_until_final

    client = Client()

    def call(method: str, path: str, body: Any = None) -> Any:
        text = "" if body is None else json.dumps(body)
        response = client.generic(method, f"/api/{path}", text, content_type="application/json")
        assert response.status_code < 300, response.content
        return response.json()

    def export(form: str) -> list[str]:
        response: Any = client.get(f"/api/jobs/export/?format={form}&ordering=name")
        return [line.decode() for line in b"".join(response.streaming_content).splitlines()]

    job = call("POST", "jobs/", {"name": "Wing"})
    one = f"jobs/{job['id']}/"
    yield "create", job
    yield "detail", call("GET", one)
    yield "rename", call("PATCH", one, {"name": "Wing 2"})
    yield "status", (changed := call("PATCH", one, {"status_type": "RUNNING"}))
    yield "undo", call("POST", f"{one}undo/", {"updated_at": changed["updated_at"]})
    many = {"jobs": [{"id": job["id"], "name": "Wing 3"}]}
    yield "bulk", call("PATCH", "jobs/", many)["results"][0]["job"]
    for query in (
        "",
        "?status=PENDING",
        "?status=PENDING&status=FAILED",
        "?ordering=name",
        "?q=wing",
    ):
        yield f"list {query}", call("GET", f"jobs/{query}")["results"]
    with patch.object(limits, "SORT_FIRST_LIMIT", -1):
        yield "walk", call("GET", "jobs/?q=wing")["results"]
    [change] = ShownJobs((job["id"],)).changes([job["id"]])
    yield "live", change.job.content()
    yield "ndjson", [json.loads(line) for line in export("ndjson")]
    yield "csv", list(csv.DictReader(export("csv")))
    wait_until_final()
    events = client.get("/api/events/?after=start")
    yield "events", [json.loads(line) for line in events.content.splitlines()]


def refusals() -> Iterator[tuple[str, Any]]:
    """The codes with which requests refuse the column, for which no serializer has a field."""
    from django.test import Client

    for path, content_type, body in (
        ("/api/jobs/", "application/json", json.dumps({"name": "x", NAME: "y"})),
        ("/api/jobs/import/", "application/x-ndjson", json.dumps({"name": "x", NAME: "y"})),
        ("/api/jobs/import/", "text/csv", f"name,{NAME}\nx,y\n"),
    ):
        response = Client().generic("POST", path, body, content_type=content_type)
        yield f"{content_type} to {path}", [each["code"] for each in response.json()["errors"]]


def main() -> None:
    declare()
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    json.dump(dict({"outlets": outlets, "refusals": refusals}[sys.argv[1]]()), sys.stdout)


if __name__ == "__main__":
    main()
