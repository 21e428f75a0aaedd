"""A command's sandbox is removed afterwards, however the command ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from project.local import benchmark
from project.local.paths import STATE
from project.local.processes import ProcessRecord
from project.local.sandbox import Sandbox
from project.local.terminal import UserError

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    usual = {number: signal.getsignal(number) for number in SIGNALS}
    sandbox = Sandbox(f"pytest-{os.getpid()}")
    yield sandbox
    for number, handler in usual.items():
        signal.signal(number, handler)
    (STATE / f"{sandbox.name}.lock").unlink()


def test_removes_leftovers_of_a_killed_command(sandbox: Sandbox) -> None:
    sandbox.folder.mkdir(parents=True)
    (sandbox.folder / "left").touch()
    with subprocess.Popen(SLEEP, start_new_session=True) as left:
        ProcessRecord.of(left, port=0, build="").save(sandbox.command)
        with sandbox.temporary():
            assert left.poll() is not None
            assert list(sandbox.folder.iterdir()) == []


def _get_sigterm(sandbox: Sandbox) -> None:
    with sandbox.temporary():
        assert sandbox.folder.is_dir()
        signal.raise_signal(signal.SIGTERM)


def test_is_removed_after_sigterm(sandbox: Sandbox) -> None:
    with pytest.raises(KeyboardInterrupt):
        _get_sigterm(sandbox)
    assert not sandbox.folder.exists()


@pytest.mark.parametrize("text", ["many", "0", "-1000", "1000,1000"])
def test_rejects_invalid_benchmark_sizes(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", text)
    with pytest.raises(UserError, match="JOBS must be a number of jobs"):
        benchmark.bench()


def test_report_folder_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT", "nowhere/performance.md")
    with pytest.raises(UserError, match="does not exist"):
        benchmark.scale()
