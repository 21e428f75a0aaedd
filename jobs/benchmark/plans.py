"""The database work of a request: its statements, the rows that they read, and the indexes that they use."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from jobs.benchmark.app import App
from jobs.benchmark.database import without_timeout
from jobs.benchmark.requests import Call, Request

EXPLAINABLE: Final = re.compile(r"\s*\(*\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)

LONGEST_MS: Final = 30_000
WHOLE_TABLE: Final = "seq scan"
GROWING: Final = {"job", "job_status"}


@dataclass(frozen=True)
class Work:
    """`rows` counts the rows that table scans returned or discarded; None if a statement could not be explained.

    A sequential scan of jobs or statuses is listed among the indexes.
    """

    queries: int
    rows: int | None
    indexes: frozenset[str]


def work_of(app: App, call: Call) -> Work:
    """Sends the call's first request and explains its statements, which runs them again and rolls back."""
    request = app.request_of(call, 0)
    statements = _statements(app, request)
    if call.fresh:  # the call has deleted its job: explain the statements for another one
        another = app.make_job()
        statements = [_for_other_job(sql, request.path, another) for sql in statements]
    return explained(statements)


def explained(statements: Sequence[str]) -> Work:
    try:
        plans = [_plan(sql) for sql in statements if EXPLAINABLE.match(sql)]
    except DatabaseError:
        return Work(len(statements), None, frozenset())
    ran = [node for plan in plans for node in _nodes(plan) if node["Actual Loops"]]
    return Work(
        len(statements),
        sum(_rows_read(node) for node in ran if "Relation Name" in node and _scans(node)),
        frozenset(name for node in ran if (name := _index_name(node))),
    )


def _statements(app: App, request: Request) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        app.send(request)
    return [query["sql"] for query in captured.captured_queries]


def _plan(sql: str) -> dict[str, Any]:
    with without_timeout(LONGEST_MS) as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT json) {sql}")
        [plan] = cursor.fetchone()
    content = json.loads(plan) if isinstance(plan, str) else plan
    top: dict[str, Any] = content[0]["Plan"]
    return top


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


def _scans(node: dict[str, Any]) -> bool:
    return str(node["Node Type"]).endswith("Scan")


def _index_name(node: dict[str, Any]) -> str:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        return WHOLE_TABLE
    return str(node.get("Index Name", ""))


def _rows_read(node: dict[str, Any]) -> int:
    """The rows of all loops; PostgreSQL reports averages per loop."""
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    rows: float = (node["Actual Rows"] + dropped) * node["Actual Loops"]
    return round(rows)


def _for_other_job(sql: str, path: str, other: str) -> str:
    """The statement with the id of the job at one URL replaced by that of the job at another."""
    old, new = (re.findall(r"\d+", url)[-1] for url in (path, other))
    return re.sub(rf"\b{old}\b", new, sql)
