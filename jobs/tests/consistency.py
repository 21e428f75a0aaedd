"""Checks that jobs, their histories and the counters agree."""

from jobs.tests.factories import database_rows

INCONSISTENT_JOBS = """
    SELECT job.id FROM job
    LEFT JOIN LATERAL (
        SELECT * FROM job_status WHERE job_id = job.id ORDER BY id DESC LIMIT 1
    ) AS newest ON true
    WHERE newest.status_type IS DISTINCT FROM job.current_status
        OR newest.timestamp IS DISTINCT FROM job.updated_at
"""
UNORDERED_HISTORIES = """
    SELECT * FROM (
        SELECT id, "timestamp" - lag("timestamp") OVER (PARTITION BY job_id ORDER BY id) AS step
        FROM job_status
    ) AS steps WHERE step < interval '0'
"""
WRONG_COUNTERS = """
    SELECT status, n, counted FROM job_counts
    FULL JOIN (SELECT current_status AS status, count(*) AS counted FROM job GROUP BY 1) AS truth
    USING (status) WHERE coalesce(n, 0) <> coalesce(counted, 0)
"""


def assert_counters_exact() -> None:
    assert database_rows(WRONG_COUNTERS) == []


def assert_consistent() -> None:
    assert database_rows(INCONSISTENT_JOBS) == []
    assert database_rows(UNORDERED_HISTORIES) == []
    assert_counters_exact()
