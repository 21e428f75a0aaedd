"""Jobs older than those of `seed_jobs`, and inserted before them: for searches that match only the oldest jobs."""

from typing import Final

from jobs.benchmark.database import unbounded

SHARE: Final = 50  # one job in fifty
CHUNK: Final = 50_000

# One per second, starting two hundred days ago. One in fifty has failed, one in a thousand is still running.
ADD: Final = """
    WITH numbered AS (
        SELECT n, CASE WHEN n %% 1000 = 0 THEN 'RUNNING' WHEN n %% 50 = 25 THEN 'FAILED'
            ELSE 'COMPLETED' END AS status,
            date_trunc('day', now()) - interval '200 days' + n * interval '1 second' AS at
        FROM generate_series(%(first)s, %(last)s) AS n
    ), added AS (
        INSERT INTO job (name, current_status, created_at, updated_at)
        SELECT 'Legacy Import #' || n, status, at,
            at + interval '1 minute' * CASE status WHEN 'RUNNING' THEN 1 ELSE 30 END
        FROM numbered ORDER BY n
        RETURNING id, current_status, created_at, updated_at
    )
    INSERT INTO job_status (job_id, status_type, "timestamp")
    SELECT id, step.status, step.at
    FROM added, LATERAL (
        VALUES (1, 'PENDING', created_at), (2, 'RUNNING', created_at + interval '1 minute'),
            (3, current_status, updated_at)
    ) AS step (number, status, at)
    WHERE step.number < 3 OR current_status <> 'RUNNING'
    ORDER BY id, step.number
"""


def add_legacy_jobs(number: int, already: int) -> None:
    """Creates `number` jobs named `Legacy Import #n`, continuing the existing numbers."""
    for first in range(already + 1, already + number + 1, CHUNK):
        last = min(first + CHUNK - 1, already + number)
        with unbounded() as cursor:
            cursor.execute(ADD, {"first": first, "last": last})
