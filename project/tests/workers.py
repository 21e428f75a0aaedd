"""A plugin of pytest: when tests run in several processes, each has a PostgreSQL of its own.

The feed waits for the oldest transaction of its whole server, so tests that share one would wait for each other.
The first process takes the server that DATABASE_URL names.
"""

import os

import pytest

from project.local import postgres

FIRST = "gw0"
NAME = postgres.of_this_process("worker")


def has_its_own() -> bool:
    """Whether this process has a PostgreSQL of its own, which DATABASE_URL names then."""
    return os.environ.get("PYTEST_XDIST_WORKER", FIRST) != FIRST


@pytest.hookimpl(tryfirst=True)  # before pytest-django reads the settings
def pytest_load_initial_conftests() -> None:
    if has_its_own():
        cluster = postgres.Cluster.at(NAME, throwaway=True)
        cluster.ensure_running()
        os.environ["DATABASE_URL"] = cluster.application_url("jobs", may_create_databases=True)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if has_its_own():
        postgres.remove(NAME)
