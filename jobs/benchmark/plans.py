"""What a request costs the database: its statements, the rows they read, and the indexes they went through."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from jobs.benchmark.app import App
from jobs.benchmark.database import unhurried
from jobs.benchmark.requests import Call, Request

EXPLAINABLE: Final = re.compile(r"\s*\(*\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)

LONGEST_MS: Final = 30_000
WHOLE_TABLE: Final = "whole table"
GROWING: Final = {"job", "job_status"}


@dataclass(frozen=True)
class Work:
    """`rows` counts what scans of tables delivered and what they threw away; None where a plan could not be had.

    A scan of all jobs, or of all their statuses, is named among the indexes.
    """

    queries: int
    rows: int | None
    indexes: frozenset[str]


def work_of(app: App, call: Call) -> Work:
    """Sends the call's first request, then has its statements explained, which runs them again, undone."""
    request = app.request_of(call, 0)
    statements = _statements(app, request)
    if call.fresh:  # what it removed is gone: explain the same of another job
        another = app.make_job()
        statements = [_readdressed(sql, request.path, another) for sql in statements]
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
        frozenset(name for node in ran if (name := _way(node))),
    )


def _statements(app: App, request: Request) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        app.answer(request)
    return [query["sql"] for query in captured.captured_queries]


def _plan(sql: str) -> dict[str, Any]:
    with unhurried(LONGEST_MS) as cursor:
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


def _way(node: dict[str, Any]) -> str:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        return WHOLE_TABLE
    return str(node.get("Index Name", ""))


def _rows_read(node: dict[str, Any]) -> int:
    """Over all loops; PostgreSQL reports averages of one."""
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    rows: float = (node["Actual Rows"] + dropped) * node["Actual Loops"]
    return round(rows)


def _readdressed(sql: str, gone: str, there: str) -> str:
    """The statement about the job at one address, made one about the job at another."""
    old, new = (re.findall(r"\d+", path)[-1] for path in (gone, there))
    return re.sub(rf"\b{old}\b", new, sql)
