"""A database server per module, which its tests may break, and a dashboard on it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.tests.served import Server, collect_static
from project.local import clusters, postgres
from project.tests.database_server import Database, dashboard, database


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Collected static files, which pages need."""
    return collect_static(tmp_path_factory.mktemp("static"))


@pytest.fixture
def styles(static_root: str) -> str:
    """The URL of a style sheet."""
    names = json.loads(Path(static_root, "staticfiles.json").read_text())["paths"]
    return f"/static/{names['css/base.css']}"


@pytest.fixture(scope="module")
def db_server(request: pytest.FixtureRequest) -> Iterator[Database]:
    name = request.module.__name__.rpartition("test_")[2].replace("_", "-")
    with database(name) as db_server:
        yield db_server


@pytest.fixture
def server(db_server: Database, tmp_path: Path, static_root: str) -> Iterator[Server]:
    with dashboard(db_server, tmp_path, QUERY_BUDGET_MS="3000", STATIC_ROOT=static_root) as server:
        yield server


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    name = clusters.process_scoped_name("empty")
    yield postgres.Cluster.at(name, throwaway=True)
    clusters.remove(name)
