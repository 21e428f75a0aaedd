"""A program is started again whenever it ends, and ends with its supervisor."""

import os
import signal
import sys
from pathlib import Path
from threading import Thread

from jobs.tests.waiting import eventually
from project.local import supervisor, worker
from project.local.processes import ProcessRecord, started_at
from project.local.supervisor import Supervisor


def counting(file: Path, then: str) -> list[str]:
    """A program that leaves a line with its process id, and then does something."""
    code = f"import os, sys, time; open({str(file)!r}, 'a').write(f'{{os.getpid()}}\\n'); {then}"
    return [sys.executable, "-c", code]


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def test_starts_the_program_again_until_it_is_told_to_stop(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    supervised = Supervisor("worker", counting(file, "sys.exit(3)"), pause=0.01)
    thread = Thread(target=supervised.run)
    thread.start()
    eventually(lambda: len(lines(file)) >= 3)
    supervised.stop()
    thread.join(60)
    assert not thread.is_alive()
    assert supervised.pause > 0.01


def test_a_program_that_is_killed_is_started_again(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    supervised = Supervisor("worker", counting(file, "time.sleep(600)"), pause=0.01)
    thread = Thread(target=supervised.run)
    thread.start()
    [first] = eventually(lambda: lines(file))
    os.kill(int(first), signal.SIGKILL)
    eventually(lambda: len(lines(file)) == 2)
    supervised.stop()
    thread.join(60)
    assert started_at(int(lines(file)[1])) is None


def test_a_program_that_fails_when_it_is_first_started_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    assert Supervisor("server", counting(file, "sys.exit(3)"), starts_once=True).run() == 3
    assert len(lines(file)) == 1


def test_a_program_that_has_started_well_is_started_again(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    command = counting(file, "time.sleep(600)")
    supervised = Supervisor("server", command, pause=0.01, starts_once=True)
    thread = Thread(target=supervised.run)
    thread.start()
    [first] = eventually(lambda: lines(file))
    supervised.has_started()
    os.kill(int(first), signal.SIGKILL)
    eventually(lambda: len(lines(file)) == 2)
    supervised.stop()
    thread.join(60)
    assert not thread.is_alive()


def test_the_pauses_are_limited() -> None:
    assert supervisor.FIRST_PAUSE < supervisor.LONGEST_PAUSE < supervisor.STEADY_SECONDS


def test_a_worker_is_recorded_and_stopped(tmp_path: Path) -> None:
    record = tmp_path / "worker.json"
    env = {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "SECRET_KEY": "x"}
    worker.start(record, tmp_path / "worker.log", env, build="b")
    assert worker.is_running(record, "b")
    assert not worker.is_running(record, "other")
    recorded = ProcessRecord.load(record)
    assert recorded
    assert worker.stop(record)
    assert not recorded.is_alive
    assert not worker.stop(record)
