import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from jobs.search import limits
from jobs.tests import contract
from jobs.tests.factories import database_rows
from jobs.tests.plans import HISTORY, SKEWED_JOBS
from project.postgresql.connection import Connection

Run = Callable[..., list[Any]]


class Api:
    """A client of the JSON API, in which a server error is a response and not an exception.

    Every response is checked against the schema.
    """

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        if body is None:
            data: str | bytes = ""
        else:
            data = body if isinstance(body, bytes | str) else json.dumps(body)
        options = {"content_type": "application/json"} | options
        response = self.client.generic(method, path, data, **options)
        contract.check(method, response)
        return response

    def get(self, path: str) -> Any:
        """The decoded response to a successful GET."""
        response = self.call("GET", path)
        assert response.status_code == 200, response.content
        return json.loads(response.content)

    def post(self, path: str, body: Any) -> Any:
        return self.call("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)


@pytest.fixture(autouse=True)
def static_files_as_written(settings: Settings) -> None:
    """Pages link static files without hashes, because the tests may run before any file has been collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test with a statement timeout starts the monitor: later tests must not fail where the database is slow."""
    monkeypatch.setattr(Connection, "monitor", Connection.monitor)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps a busy machine from looking like a slow search. test_timebox tests slow searches."""
    for name in ("SORT_SECONDS", "COUNT_SECONDS", "STEP_SECONDS"):
        monkeypatch.setattr(limits, name, 60.0)


@pytest.fixture
def at_once(transactional_db: None) -> Iterator[Run]:
    """Runs functions concurrently, each with its own database connection; returns their results, in order."""
    pool = connection.pool  # type: ignore[attr-defined]  # PostgreSQL's wrapper has one
    usual = pool.max_size

    def run(*works: Callable[[], Any]) -> list[Any]:
        pool.resize(1, max(12, len(works) + 2))
        ready = Barrier(len(works))

        def on_own_connection(work: Callable[[], Any]) -> Any:
            try:
                connection.ensure_connection()  # so that no function waits for one in the middle of its work
                ready.wait(60)
                return work()
            except BaseException:
                ready.abort()
                raise
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(works)) as executor:
            return list(executor.map(on_own_connection, works))

    yield run
    pool.resize(1, usual)


@pytest.fixture
def many_jobs() -> None:
    # Rows that other tests have rolled back bloat the tables, and with many empty pages another plan is the best.
    for sql in ("TRUNCATE job, job_status", SKEWED_JOBS, HISTORY, "ANALYZE job, job_status"):
        database_rows(sql)
