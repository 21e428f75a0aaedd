"""The seam between the app and the database backend that serves it."""

from collections.abc import Iterator

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from jobs import backend
from jobs.backend import Backend
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def djangos_own() -> Iterator[None]:
    """Django's own backend in place of the project's."""
    usual = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = DatabaseWrapper(usual.settings_dict)
    yield
    connections[DEFAULT_DB_ALIAS] = usual


def test_the_project_provides_the_whole_seam() -> None:
    assert isinstance(connections[DEFAULT_DB_ALIAS], Backend)


def test_a_statement_may_be_given_more_time() -> None:
    database_rows("SELECT 1")
    usual = connection.connection.client_timeout
    with backend.extended_timeout(60):
        assert connection.connection.client_timeout > 60
    assert connection.connection.client_timeout == usual


def test_djangos_own_backend_needs_none_of_it(djangos_own: None) -> None:
    assert not isinstance(connections[DEFAULT_DB_ALIAS], Backend)
    with backend.extended_timeout(60):
        pass
    assert backend.new_wait() is None
    backend.mark_read_only()


@pytest.mark.parametrize("sent", [True, False])
def test_an_error_tells_whether_its_commit_was_sent(sent: bool) -> None:
    error = OSError()
    assert not backend.is_commit_sent(error)
    error.commit_sent = sent  # type: ignore[attr-defined]  # as the project's backend does
    assert backend.is_commit_sent(error) is sent
