"""What the database says when it is asked: right for all processes and servers, and the same from each of them."""

import logging
from collections.abc import Iterator
from typing import Any, Final

from django.db import Error, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from jobs.feed import SECONDS_BEHIND

logger: Final = logging.getLogger(__name__)

PREFIX: Final = "job_dashboard_"
# One query, which reads no table of jobs.
SQL: Final = f"""
SELECT json_build_object(
    'jobs', (SELECT json_object_agg(status, n) FROM job_counts),
    'operations', (SELECT json_object_agg(state, n) FROM (
        SELECT state, count(*) AS n FROM operation WHERE state IN ('pending', 'running') GROUP BY state
    ) AS unfinished),
    'single', json_build_object(
        'counter_rows', (SELECT count(*) FROM job_count),
        'feed_behind_seconds', {SECONDS_BEHIND},
        'operation_idle_seconds', (
            SELECT coalesce(max(extract(epoch FROM clock_timestamp() - coalesce(progress_at, created_at))), 0)
            FROM operation WHERE state = 'running'
        ),
        'workers', (
            SELECT count(*) FROM procrastinate_workers
            WHERE last_heartbeat > statement_timestamp() - interval '30 seconds'
        ),
        'oldest_transaction_seconds', (
            SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)
            FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        ),
        'sessions', (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
        'replication_lag_seconds', (
            SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) FROM pg_stat_replication
        ),
        'size_bytes', pg_database_size(current_database())
    )
)
"""  # noqa: S608  # constants
LABELED: Final = {
    "jobs": ("status", "Jobs."),
    "operations": ("state", "Operations that have not ended."),
}
SINGLE: Final = {
    "counter_rows": "Rows of the counters, which the worker compacts.",
    "feed_behind_seconds": "For how long events have been waiting for the oldest open transaction.",
    "operation_idle_seconds": "How long ago the slowest running operation made progress.",
    "workers": "Workers that have been heard of in the last 30 seconds.",
    "oldest_transaction_seconds": "How long the oldest transaction that can be seen has been open.",
    "sessions": "Sessions in the database.",
    "replication_lag_seconds": "How far the slowest standby is behind; 0 without one, and without the right to see it.",
    "size_bytes": "Size of the database.",
}


class DatabaseCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        found = _read()
        yield GaugeMetricFamily(
            f"{PREFIX}database_up", "Whether the database answered.", value=found is not None
        )
        if found is None:
            return
        for name, (label, text) in LABELED.items():
            family = GaugeMetricFamily(PREFIX + name, text, labels=[label])
            for value, number in (found[name] or {}).items():
                family.add_metric([value], number)
            yield family
        for name, text in SINGLE.items():
            yield GaugeMetricFamily(PREFIX + name, text, value=found["single"][name])


def _read() -> dict[str, Any] | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(SQL)
            [found] = cursor.fetchone()
    except Error as error:
        logger.warning("The database's metrics are missing: %s", str(error).splitlines()[0])
        return None
    return dict(found)
