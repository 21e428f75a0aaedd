"""Query plans of captured queries."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.search import limits
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, database_rows

# Rows that a page in these tests reads: its own and one more.
PAGE = 21
SEARCHED: list[tuple[StatusType, ...] | None] = [None, (COMPLETED,), (COMPLETED, FAILED)]
SKEWED_JOBS = """
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT
        'Simulation ' || n % 700,
        CASE WHEN n % 100 < 90 THEN 'COMPLETED' WHEN n % 100 < 96 THEN 'FAILED'
            WHEN n % 100 < 99 THEN 'PENDING' ELSE 'RUNNING' END,
        now() - n * interval '1 minute',
        now() - (n * 7919 % 5000) * interval '1 minute'
    FROM generate_series(1, 6000) AS n
"""
# Limits with which a search walks the index and stops after each step
STEP = 50
WALKS = {
    "SORT_FIRST_LIMIT": -1,
    "RANGE_SORT_FIRST_LIMIT": -1,
    "SORT_LIMIT": -1,
    "FIRST_STEP_ROWS": STEP,
    "STEP_ROWS": STEP,
    "WALK_SECONDS": 0,
    "WALK_SECONDS_AFTER_SORT": 0,
}
HISTORY = """
    INSERT INTO job_status (job_id, status_type, "timestamp")
    SELECT id, current_status, updated_at FROM job, generate_series(1, 3)
"""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def captured(queries: CaptureQueriesContext) -> list[dict[str, Any]]:
    """The captured queries, without the savepoints and settings of a timebox."""
    frame = ("SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")
    return [q for q in list(queries.captured_queries) if not q["sql"].startswith(frame)]


def plans(queries: CaptureQueriesContext) -> list[list[dict[str, Any]]]:
    """The plan nodes of each captured query, except the EXPLAIN by which a search estimates rows."""
    found = []
    for query in captured(queries):
        if query["sql"].startswith("EXPLAIN"):
            continue
        [[plan]] = database_rows(f"EXPLAIN (FORMAT json) {query['sql']}")
        content = plan if isinstance(plan, list) else json.loads(plan)
        found.append(list(nodes(content[0]["Plan"])))
    return found


def nested_plans(sql: str) -> list[list[str]]:
    """The plan nodes, from top to bottom, of the statement and of each statement that its triggers run."""
    notices: list[str] = []

    def note(diagnostic: Any) -> None:
        notices.append(str(diagnostic.message_detail))

    connection.ensure_connection()
    connection.connection.add_notice_handler(note)
    database_rows("DISCARD PLANS; SET debug_print_plan = on; SET client_min_messages = log")
    try:
        database_rows(sql)
    finally:
        database_rows("RESET debug_print_plan; RESET client_min_messages")
        connection.connection.remove_notice_handler(note)
    return [
        re.findall(r"\{([A-Z]*(?:SCAN|JOIN|NESTLOOP|APPEND|SORT|AGG))\b", notice)
        for notice in notices
    ]


def indexes(found: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in found if "Index Name" in node}


def assert_reads_through_an_index(queries: CaptureQueriesContext, ranges: int = 1) -> None:
    """Asserts that nothing scans the table, filters rows out, or sorts, except the pages of several ranges."""
    [found] = plans(queries)
    found = [node for node in found if node.get("Relation Name") != "auth_user"]  # they are few
    types = {node["Node Type"] for node in found}
    assert not types & {"Seq Scan", "Bitmap Heap Scan"}, found
    assert types & {"Index Scan", "Index Only Scan"}
    assert not [node for node in found if "Filter" in node], found
    sorts = [node for node in found if node["Node Type"] in {"Sort", "Incremental Sort"}]
    assert all(ranges > 1 and node["Plan Rows"] <= ranges * PAGE for node in sorts), found


def search_by_walking(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WALKS.items():
        monkeypatch.setattr(limits, name, value)


def assert_reads_one_step(found: list[dict[str, Any]], ranges: int) -> list[dict[str, Any]]:
    """Asserts that each range's scan is below a limit of one step, before the search is filtered; returns the scans."""
    scans = [node for node in found if node.get("Index Name", "job_pkey") != "job_pkey"]
    assert len(scans) == ranges
    limits = [node for node in found if node["Node Type"] == "Limit"]
    beneath = [node for limit in limits if limit["Plan Rows"] <= STEP for node in nodes(limit)]
    assert all(any(node is scan for node in beneath) for scan in scans)
    return scans
