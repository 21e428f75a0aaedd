"""A pytest plugin: when tests run in several processes, each has its own PostgreSQL server.

The feed waits for the oldest transaction of the whole server, so tests on a shared one would wait for each other.
The first process uses the server that DATABASE_URL names.
"""

import os

import pytest

from project.local import clusters, postgres

FIRST = "gw0"
NAME = clusters.process_scoped_name("worker")


def _needs_own_server() -> bool:
    return os.environ.get("PYTEST_XDIST_WORKER", FIRST) != FIRST


@pytest.hookimpl(tryfirst=True)  # before pytest-django reads the settings
def pytest_load_initial_conftests() -> None:
    if _needs_own_server():
        cluster = postgres.Cluster.at(NAME, throwaway=True)
        cluster.ensure_running()
        os.environ["DATABASE_URL"] = cluster.application_url("jobs", may_create_databases=True)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if _needs_own_server():
        clusters.remove(NAME)
