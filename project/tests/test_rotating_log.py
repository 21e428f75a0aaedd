"""Logs of background servers are limited in size and private."""

import stat
import subprocess
import sys
from logging import makeLogRecord
from pathlib import Path

from jobs.tests.waiting import eventually
from project.local import clusters, postgres
from project.local.rotating_log import RotatingLog, rotating_log


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_rotates_at_the_size_limit_and_keeps_one_backup(tmp_path: Path) -> None:
    file = tmp_path / "web.log"
    file.write_text("before\n")
    file.chmod(0o644)
    log = RotatingLog(file, size=100)
    for number in range(40):
        log.emit(makeLogRecord({"msg": f"line {number:2} %s\n"}))
    log.close()
    backup = tmp_path / "web.log.1"
    assert {each.name for each in tmp_path.iterdir()} == {file.name, backup.name}
    assert all(mode(each) == 0o600 and each.stat().st_size <= 100 for each in (file, backup))
    assert file.read_text().endswith("line 38 %s\nline 39 %s\n")


def test_writes_output_up_to_the_last_byte(tmp_path: Path) -> None:
    file = tmp_path / "web.log"
    with rotating_log(file) as output:
        writer = subprocess.Popen(
            [sys.executable, "-c", "import os; os.write(1, b'one\\n\\xff two'); os.fork()"],
            stdout=output,
        )
    assert writer.wait(30) == 0
    eventually(lambda: file.exists() and file.read_text().endswith("two"))
    assert file.read_text() == "one\n� two"


def test_postgresql_keeps_private_logs_for_a_week() -> None:
    name = clusters.process_scoped_name("log")
    try:
        cluster = postgres.Cluster.at(name, throwaway=True)
        cluster.ensure_running()
        began, current = clusters.logs(name)
        eventually(lambda: "ready to accept connections" in current.read_text())
        assert mode(current) == mode(began) == 0o600
        assert current.name in {
            f"postgresql-{day}.log" for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        }
    finally:
        clusters.remove(name)
