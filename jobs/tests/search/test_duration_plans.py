"""A search by duration looks up few histories in each step, and through the index."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.search import limits
from jobs.tests.factories import database_rows
from jobs.tests.plans import STEP, captured, nodes, search_by_walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def walking(many_jobs: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    search_by_walking(monkeypatch)

    def read(query: str) -> Any:
        with CaptureQueriesContext(connection) as queries:
            JobList(JobFilter.parse(QueryDict(query))).page()
        [walk] = [q for q in captured(queries) if not q["sql"].startswith("EXPLAIN")]
        [[plan]] = database_rows(f"EXPLAIN (ANALYZE, FORMAT json) {walk['sql']}")
        content = plan if isinstance(plan, list) else json.loads(plan)
        return list(nodes(content[0]["Plan"]))

    return read


@pytest.mark.parametrize("q", ["duration:>99w", "-duration:>0s", "waited:<1ms", "-waited:<9w"])
@pytest.mark.parametrize("filters", ["", "&ordering=name", "&status=COMPLETED&ordering=updated_at"])
def test_histories_are_looked_up_through_the_index_for_one_step(
    walking: Callable[[str], Any], q: str, filters: str
) -> None:
    found = walking(f"q={q}{filters}")
    entries = [node for node in found if node.get("Relation Name") == "job_status"]
    assert {node["Index Name"] for node in entries} == {"job_status_of_job"}
    # Steps are shorter by the cost of a look-up; reading the page's own rows is not part of it.
    assert all(node["Actual Loops"] <= STEP / limits.HISTORY_COST for node in entries)
    assert not [node for node in found if node["Node Type"] == "Seq Scan"]


def test_histories_are_not_looked_up_if_the_row_rules_a_match_out(
    walking: Callable[[str], Any],
) -> None:
    # No job is as old; jobs that have not changed for a minute do not run since a millisecond.
    for query in ("q=duration:>4d&ordering=name", "q=waited:<1ms&status=PENDING"):
        entries = [n for n in walking(query) if n.get("Relation Name") == "job_status"]
        assert all(node["Actual Loops"] == 0 for node in entries), query


def test_a_bound_skips_the_jobs_that_are_too_young(walking: Callable[[str], Any]) -> None:
    conditions = " ".join(str(n.get("Index Cond")) for n in walking("q=waited:>3d"))
    assert "created_at <" in conditions
