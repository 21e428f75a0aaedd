"""A batch reads the next jobs through the primary key, whatever the planner knows of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jobs.operations import running
from jobs.operations.running import Pace
from jobs.tests.factories import database_rows, fill
from jobs.tests.operations.conftest import create, start_batch

pytestmark = pytest.mark.django_db


def plan_of_a_batch(q: str) -> str:
    plans: list[str] = []

    def explain(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if isinstance(params, dict) and "size" in params:
            execute(f"EXPLAIN {sql}", params, many, context)
            plans.append("\n".join(line for (line,) in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    operation = create(q=q)
    with connection.execute_wrapper(explain):
        start_batch(operation)
    [plan] = plans
    return plan


def test_jobs_that_were_created_at_once_are_not_read_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An import gives all its jobs one time. An index that begins with it then finds a range of ids, in no order: all jobs
    that are left would be read and sorted for each batch.
    """
    monkeypatch.setattr(running, "Pace", Pace)
    fill(20_000)
    # In another place of the table than their ids tell
    database_rows("UPDATE job SET current_status = 'RUNNING' WHERE id % 2 = 0")
    database_rows("ANALYZE job")
    plan = plan_of_a_batch("sweep status:pending")
    [seen, _] = plan.partition("CTE seen")[2].split("CTE taken")
    assert "Index Scan using job_pkey" in seen, plan
    assert "Sort" not in seen, plan
