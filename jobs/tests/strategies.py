"""The strategies of a search, and jobs on which they differ."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.search import limits
from jobs.search.estimates import UNKNOWN

SOME_JOBS = """
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT
        CASE WHEN n % 3 = 0 THEN 'Common ' ELSE 'Other ' END || n % 50
            || CASE WHEN n > {number} - 50 THEN ' Legacy' ELSE '' END,
        (ARRAY['COMPLETED', 'FAILED', 'PENDING', 'RUNNING'])[1 + n % 4],
        now() - n / 3 * interval '1 minute',
        now() - (n * 7919 % {number}) * interval '1 minute'
    FROM generate_series(1, {number}) AS n
"""
JOBS = SOME_JOBS.format(number=2_000)
STRATEGIES: dict[str, dict[str, float]] = {
    "sort": {"SORT_FIRST_LIMIT": UNKNOWN, "RANGE_SORT_FIRST_LIMIT": UNKNOWN},
    "a short walk, then sort": {
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "SORT_LIMIT": UNKNOWN,
        "FIRST_STEP_ROWS": 4,
        "STEP_ROWS": 7,
    },
    "a walk of one step": {
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "SORT_LIMIT": -1,
        "STEP_ROWS": 20_000,
    },
    "a walk to the end": {
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "SORT_LIMIT": -1,
        "FIRST_STEP_ROWS": 4,
        "STEP_ROWS": 7,
        "WALK_SECONDS": 3600,
        "WALK_SECONDS_AFTER_SORT": 3600,
    },
    "a walk that stops repeatedly": {
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "SORT_LIMIT": -1,
        "FIRST_STEP_ROWS": 40,
        "STEP_ROWS": 50,
        "WALK_SECONDS": 0,
        "WALK_SECONDS_AFTER_SORT": 0,
    },
}


def use_strategy(strategy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in STRATEGIES[strategy].items():
        monkeypatch.setattr(limits, name, value)


def all_ids(query: str, *, backwards: bool = False) -> list[int]:
    """The ids of all pages from one end to the other. The neighbor of each page is the page it was reached from."""
    job_filter = JobFilter.parse(QueryDict(query))
    ids: list[int] = []
    cursor = JobList(job_filter).last_page_cursor if backwards else None
    while True:
        page = JobList(replace(job_filter, cursor=cursor)).page()
        rows = page.rows[::-1] if backwards else page.rows
        assert len(rows) == job_filter.page_size or page.scanned or not page.next or backwards
        ids += [row.id for row in rows]
        ahead = page.previous if backwards else page.next
        if ahead is None:
            return ids
        beyond = JobList(replace(job_filter, cursor=ahead)).page()
        back = beyond.next if backwards else beyond.previous
        if rows and back:
            nearest = JobList(replace(job_filter, cursor=back)).page().rows
            assert not nearest or nearest[0 if backwards else -1] == rows[-1]
        cursor = ahead
