"""What one command puts on for itself is gone afterwards, whatever happened to it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from project.local import benchmark
from project.local.places import STATE
from project.local.processes import Recorded
from project.local.stages import Stage
from project.local.terminal import Problem

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def stage() -> Iterator[Stage]:
    usual = {number: signal.getsignal(number) for number in SIGNALS}
    stage = Stage(f"pytest-{os.getpid()}")
    yield stage
    for number, handler in usual.items():
        signal.signal(number, handler)
    (STATE / f"{stage.name}.lock").unlink()


def test_what_a_killed_command_left_is_ended_and_removed(stage: Stage) -> None:
    stage.folder.mkdir(parents=True)
    (stage.folder / "left").touch()
    with subprocess.Popen(SLEEP, start_new_session=True) as left:
        Recorded.of(left, port=0, build="").save(stage.command)
        with stage.thrown_away():
            assert left.poll() is not None
            assert list(stage.folder.iterdir()) == []


def _wait_for_a_signal(stage: Stage) -> None:
    with stage.thrown_away():
        assert stage.folder.is_dir()
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        threading.Event().wait(10)


def test_nothing_stays_after_a_request_to_end(stage: Stage) -> None:
    with pytest.raises(KeyboardInterrupt):
        _wait_for_a_signal(stage)
    assert not stage.folder.exists()


@pytest.mark.parametrize("text", ["many", "0", "-1000", "1000,1000"])
def test_a_benchmark_of_no_number_is_refused_at_once(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOBS", text)
    with pytest.raises(Problem, match="JOBS takes numbers"):
        benchmark.bench()


def test_a_report_needs_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT", "nowhere/performance.md")
    with pytest.raises(Problem, match="no folder"):
        benchmark.scale()
