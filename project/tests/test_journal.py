"""Logs of servers in the background stay short, and closed to other users."""

import stat
import subprocess
import sys
from logging import makeLogRecord
from pathlib import Path

from jobs.tests.served import soon
from project.local import postgres
from project.local.journal import Journal, journal


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_long_log_is_set_aside_and_the_one_before_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "web.log"
    file.write_text("before\n")
    file.chmod(0o644)
    kept = Journal(file, size=100)
    for number in range(40):
        kept.emit(makeLogRecord({"msg": f"line {number:2} %s\n"}))
    kept.close()
    aside = tmp_path / "web.log.1"
    assert {each.name for each in tmp_path.iterdir()} == {file.name, aside.name}
    assert all(mode(each) == 0o600 and each.stat().st_size <= 100 for each in (file, aside))
    assert file.read_text().endswith("line 38 %s\nline 39 %s\n")


def test_what_processes_write_is_kept_to_the_last_word(tmp_path: Path) -> None:
    file = tmp_path / "web.log"
    with journal(file) as output:
        writer = subprocess.Popen(
            [sys.executable, "-c", "import os; os.write(1, b'one\\n\\xff two'); os.fork()"],
            stdout=output,
        )
    assert writer.wait(30) == 0
    assert soon(lambda: file.exists() and file.read_text().endswith("two"), 30)
    assert file.read_text() == "one\n� two"


def test_postgresql_keeps_a_week_closed_to_other_users() -> None:
    name = postgres.of_this_process("log")
    try:
        cluster = postgres.Cluster.at(name, throwaway=True)
        cluster.ensure_running()
        began, current = postgres.logs(name)
        assert soon(lambda: "ready to accept connections" in current.read_text(), 30)
        assert mode(current) == mode(began) == 0o600
        assert current.name in {
            f"postgresql-{day}.log" for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        }
    finally:
        postgres.remove(name)
