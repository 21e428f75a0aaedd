"""The conditions of a measurement: versions, cores and sizes, but nothing that identifies the machine."""

import os
import platform
from dataclasses import dataclass

import django

from jobs.benchmark.database import one


@dataclass(frozen=True)
class Facts:
    jobs: int
    statuses: int
    database_mb: float
    postgresql: str
    shared_buffers: str
    python: str
    django: str
    cores: int
    statement_timeout_ms: int


def gather(statement_timeout_ms: int) -> Facts:
    """`statement_timeout_ms` is the product's; 0 for none."""
    return Facts(
        jobs=one("SELECT count(*) FROM job"),
        statuses=one("SELECT count(*) FROM job_status"),
        database_mb=one("SELECT pg_database_size(current_database())") / 1_000_000,
        postgresql=one("SHOW server_version").split()[0],
        shared_buffers=one("SHOW shared_buffers"),
        python=platform.python_version(),
        django=django.get_version(),
        cores=_cores(),
        statement_timeout_ms=statement_timeout_ms,
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
