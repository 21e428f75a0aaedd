import pytest

from jobs.tests.served import database_url


@pytest.fixture
def same_database(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes programs that the benchmark starts use the tests' database."""
    monkeypatch.setenv("DATABASE_URL", database_url())
