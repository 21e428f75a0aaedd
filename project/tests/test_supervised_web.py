"""The web server in the background is started again if it is killed, ends with its supervisor, and fails at once."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.tests.waiting import eventually
from project.local import web
from project.local.processes import ProcessRecord
from project.local.terminal import UserError
from project.probe import is_healthy
from project.tests.database_server import Database, children_of


@pytest.fixture
def record(db_server: Database, tmp_path: Path) -> Iterator[ProcessRecord]:
    """A dashboard as `make up` starts it, without its worker."""
    file = tmp_path / "web.json"
    env = {"DATABASE_URL": db_server.url, "SECRET_KEY": "x", "WEB_WORKERS": "1"}
    web.start(file, tmp_path / "web.log", web.free_port(), env, build="b")
    record = ProcessRecord.load(file)
    assert record
    yield record
    web.stop(file)


def test_a_killed_master_is_started_again_and_ends_when_it_is_stopped(
    record: ProcessRecord, tmp_path: Path
) -> None:
    [killed] = children_of(record.pid)
    os.kill(killed, signal.SIGKILL)
    [successor] = eventually(lambda: [pid for pid in children_of(record.pid) if pid != killed])
    eventually(lambda: children_of(successor))
    eventually(lambda: is_healthy(web.address(record.port)))
    assert web.stop(tmp_path / "web.json")
    eventually(lambda: web.is_free(record.port))


@pytest.mark.skipif(sys.platform != "linux", reason="no other system ends it")
def test_the_server_ends_with_its_supervisor(record: ProcessRecord) -> None:
    os.kill(record.pid, signal.SIGKILL)
    eventually(lambda: web.is_free(record.port))


def test_a_server_that_cannot_start_is_reported_at_once(tmp_path: Path) -> None:
    env = {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "SECRET_KEY": "x", "WEB_WORKERS": "0"}
    with pytest.raises(UserError, match="did not start"):
        web.start(tmp_path / "web.json", tmp_path / "web.log", web.free_port(), env, build="b")
    assert not (tmp_path / "web.json").exists()
