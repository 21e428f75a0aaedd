"""What PostgreSQL means to do for the queries that were captured."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from jobs import search_limits
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, database_rows

# Rows that a page of the tests reads: its own, and one beyond it.
PAGE = 21
SEARCHED: list[tuple[StatusType, ...]] = [(), (COMPLETED,), (COMPLETED, FAILED)]
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
# A search that walks, and stops after each step
STEP = 50
WALKS = {
    "FEW": -1,
    "FEW_IN_RANGE": -1,
    "SORTABLE": -1,
    "FIRST": STEP,
    "STEP": STEP,
    "PATIENCE": 0,
    "PATIENCE_LEFT": 0,
}
HISTORY = """
    INSERT INTO job_status (job_id, status_type, "timestamp")
    SELECT id, current_status, updated_at FROM job, generate_series(1, 3)
"""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def asked(queries: CaptureQueriesContext) -> list[dict[str, Any]]:
    """Without what a timebox sets around them."""
    frame = ("SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")
    return [q for q in list(queries.captured_queries) if not q["sql"].startswith(frame)]


def plans(queries: CaptureQueriesContext) -> list[list[dict[str, Any]]]:
    """The nodes of each captured query's plan; a search's question for an estimate is none of them."""
    found = []
    for query in asked(queries):
        if query["sql"].startswith("EXPLAIN"):
            continue
        [[plan]] = database_rows(f"EXPLAIN (FORMAT json) {query['sql']}")
        content = plan if isinstance(plan, list) else json.loads(plan)
        found.append(list(nodes(content[0]["Plan"])))
    return found


def indexes(found: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in found if "Index Name" in node}


def assert_reads_through_an_index(queries: CaptureQueriesContext, ranges: int = 1) -> None:
    """No scan of the table, no row read only to be thrown away, no sort but of the pages of several ranges."""
    [found] = plans(queries)
    types = {node["Node Type"] for node in found}
    assert not types & {"Seq Scan", "Bitmap Heap Scan"}, found
    assert types & {"Index Scan", "Index Only Scan"}
    assert not [node for node in found if "Filter" in node], found
    sorts = [node for node in found if node["Node Type"] in {"Sort", "Incremental Sort"}]
    assert all(ranges > 1 and node["Plan Rows"] <= ranges * PAGE for node in sorts), found


def search_by_walking(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WALKS.items():
        monkeypatch.setattr(search_limits, name, value)


def assert_reads_one_step(found: list[dict[str, Any]], ranges: int) -> list[dict[str, Any]]:
    """Each range's scan lies beneath a limit of one step, which is what the search is filtered from; the scans."""
    scans = [node for node in found if node.get("Index Name", "job_pkey") != "job_pkey"]
    assert len(scans) == ranges
    limits = [node for node in found if node["Node Type"] == "Limit"]
    beneath = [node for limit in limits if limit["Plan Rows"] <= STEP for node in nodes(limit)]
    assert all(any(node is scan for node in beneath) for scan in scans)
    return scans
