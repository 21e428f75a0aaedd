"""Fills the benchmark's database: two in a hundred jobs are old, `seed_jobs` creates the others."""

import os
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter

from django.conf import settings

from jobs.benchmark.calls import PROBE
from jobs.benchmark.database import command, one
from jobs.benchmark.legacy import SHARE, add_legacy_jobs
from jobs.seeding.names import MANY


class LoadingFailed(Exception):
    """The message is for the user."""


@dataclass(frozen=True)
class Loaded:
    """One run of `seed_jobs`: the jobs created, its duration, and its peak memory in MB."""

    seeded: int
    seconds: float
    peak_mb: float

    @property
    def per_second(self) -> float:
        return self.seeded / self.seconds


def load(size: int, before: int) -> Loaded:
    """Grows the database from `before` to `size` jobs, after deleting those that measuring has created."""
    command(f"DELETE FROM job WHERE name = '{PROBE}'")  # noqa: S608  # a constant
    add_legacy_jobs(size // SHARE - before // SHARE, already=before // SHARE)
    loaded = _seed(size - one("SELECT count(*) FROM job"), seed=size)
    command("VACUUM (ANALYZE)")  # as autovacuum would eventually
    return loaded


def load_shape(size: int, shape: str) -> None:
    """Replaces all jobs by `size` jobs with names of this shape."""
    command("TRUNCATE job CASCADE")
    _seed(size, seed=size, shape=shape)
    command("VACUUM (ANALYZE)")


def _seed(number: int, seed: int, shape: str = MANY) -> Loaded:
    """Runs seed_jobs in a separate process, as `make seed` does, to measure its memory."""
    words = ["manage.py", "seed_jobs", "--count", str(number), "--seed", str(seed)]
    words += ["--names", shape]
    env = {name: value for name, value in os.environ.items() if name != "QUERY_BUDGET_MS"}
    began = perf_counter()
    with subprocess.Popen(
        [sys.executable, *words], cwd=settings.BASE_DIR, env=env, stdout=subprocess.DEVNULL
    ) as process:
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise LoadingFailed(f"seed_jobs failed with status {process.returncode}.")
    unit = 1 if sys.platform == "darwin" else 1024
    return Loaded(number, perf_counter() - began, usage.ru_maxrss * unit / 1_000_000)
