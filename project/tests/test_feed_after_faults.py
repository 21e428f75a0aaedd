"""Cursors of the change feed after a crash, a restart, a restored copy or dump, and a failover."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jobs.tests.waiting import eventually
from project.local import clusters, postgres
from project.tests.database_server import Database, database
from project.tests.feed_reader import EXPIRED, add, insert, numbered, read, run, start
from project.tests.standby import at_standby, is_caught_up, standby_of


@pytest.fixture(scope="module")
def db_server() -> Iterator[Database]:
    with database("eras") as db_server:
        # As in production, and unlike other throwaway servers: committed data is on disk.
        db_server.execute("ALTER SYSTEM SET synchronous_commit = on")
        db_server.execute("SELECT pg_reload_conf()")
        yield db_server


def kill_server(db_server: Database) -> None:
    """Kills all processes, as in a power failure."""
    for process in [db_server.postmaster, *db_server._children()]:
        with suppress(ProcessLookupError):  # children exit when their parent is gone
            os.kill(process, signal.SIGKILL)
    eventually(lambda: clusters.server_pid(db_server.cluster.data) is None)


def kill_session(db_server: Database) -> None:
    """Triggers crash recovery without ending the postmaster."""
    with psycopg.connect(db_server.url) as connection, psycopg.connect(db_server.url) as other:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        # The postmaster terminates the other sessions once it notices; until then it accepts new ones.
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT pg_sleep(600)")
    db_server.cluster._wait_until_ready()


def lose_transaction_ids(db_server: Database) -> None:
    """Uses transaction ids that leave no trace on disk and are therefore assigned again after a crash."""
    with psycopg.connect(db_server.url, autocommit=True) as connection:
        for _ in range(200):
            connection.execute("BEGIN; SELECT pg_current_xact_id(); ROLLBACK")


@pytest.mark.parametrize("crash", [kill_server, kill_session])
def test_cursors_and_events_survive_a_crash(db_server: Database, crash: Any) -> None:
    before = start(db_server)
    names = numbered("Before", 5)
    add(db_server.url, *names)
    lose_transaction_ids(db_server)
    [cursor, seen] = read(db_server.url, before)
    assert seen == names
    crash(db_server)
    db_server.start()
    after = numbered("After", 30)
    add(db_server.url, *after)
    assert read(db_server.url, cursor)[1] == after
    assert read(db_server.url, before)[1] == names + after


def test_cursors_and_events_survive_a_restart(db_server: Database) -> None:
    cursor = start(db_server)
    add(db_server.url, "Before")
    db_server.stop()
    db_server.start()
    quiet = read(db_server.url, cursor)
    add(db_server.url, "After")
    assert quiet[1] == ["Before"]
    assert read(db_server.url, cursor)[1] == ["Before", "After"]
    assert read(db_server.url, quiet[0])[1] == ["After"]


def test_restored_copy_expires_cursors_it_does_not_know(db_server: Database) -> None:
    old = start(db_server)
    db_server.stop()
    copy = db_server.cluster.folder / "copy"
    shutil.copytree(db_server.cluster.data, copy, symlinks=True)
    _own_as(db_server.cluster.data, copy)
    db_server.start()
    add(db_server.url, *numbered("Lost", 30))
    [lost, _] = read(db_server.url, old)
    db_server.stop()
    shutil.rmtree(db_server.cluster.data)
    copy.rename(db_server.cluster.data)
    db_server.start()
    kept = numbered("Kept", 60)
    add(db_server.url, *kept)
    assert read(db_server.url, lost) == EXPIRED
    assert read(db_server.url, old)[1] == kept


def _own_as(model: Path, copy: Path) -> None:
    owner = model.stat()
    for path in [copy, *copy.rglob("*")]:
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


@pytest.mark.parametrize("into", ["jobs", "other"])
def test_restored_dump_expires_cursors_it_does_not_know(db_server: Database, into: str) -> None:
    old = start(db_server)
    dump = dumped(db_server)
    add(db_server.url, *numbered("Lost", 30))
    [lost, _] = read(db_server.url, old)
    url = restored(db_server, dump, into)
    kept = numbered("Kept", 60)
    add(url, *kept)
    assert read(url, lost) == EXPIRED
    assert read(url, old)[1] == kept


def dumped(db_server: Database) -> Path:
    dump = db_server.cluster.folder / "jobs.dump"
    run(db_server, "pg_dump", "--format=custom", "--username=jobs", f"--file={dump}", "jobs")
    return dump


def restored(db_server: Database, dump: Path, into: str) -> str:
    """Restores the dump over the existing data; returns the application's URL."""
    db_server.cluster.ensure_database(into)
    words = ["--clean", "--if-exists", "--username=jobs", f"--dbname={into}"]
    run(db_server, "pg_restore", *words, dump)
    return db_server.cluster.application_url(into)


def test_cursors_and_events_survive_promotion_of_a_standby(db_server: Database) -> None:
    before = start(db_server)
    with standby_of(db_server) as standby:
        names = numbered("Before", 5)
        add(db_server.url, *names)
        [cursor, seen] = read(db_server.url, before)
        assert seen == names
        eventually(lambda: is_caught_up(standby, db_server))
        add(db_server.url, "Not read")
        eventually(lambda: is_caught_up(standby, db_server))
        url = standby.url("jobs", postgres.APPLICATION)
        assert read(url, cursor) == "database_read_only"
        at_standby(standby, "SELECT pg_promote()")
        add(db_server.url, "Never replicated")
        [lost, _] = read(db_server.url, cursor)
        after = numbered("After", 30)
        add(url, *after)
        assert read(url, cursor)[1] == ["Not read", *after]
        assert read(url, lost) == EXPIRED


def test_promoted_standby_expires_cursors_past_its_last_event(db_server: Database) -> None:
    before = start(db_server)
    with standby_of(db_server) as standby:
        with psycopg.connect(db_server.url) as writer:
            insert(writer, "Open")
            add(db_server.url, "Committed")
            eventually(lambda: is_caught_up(standby, db_server))
            at_standby(standby, "ALTER SYSTEM SET primary_conninfo = ''")
            at_standby(standby, "SELECT pg_reload_conf()")
            receivers = "SELECT count(*) FROM pg_stat_wal_receiver"
            eventually(lambda: at_standby(standby, receivers) == (0,))
        [lost, seen] = read(db_server.url, before)
        assert seen == ["Open", "Committed"]
        at_standby(standby, "SELECT pg_promote()")
        url = standby.url("jobs", postgres.APPLICATION)
        add(url, "After")
        assert read(url, lost) == EXPIRED
        assert read(url, before)[1] == ["Committed", "After"]


@pytest.mark.parametrize("into", ["jobs", "other"])
def test_dump_during_an_open_transaction_expires_cursors_it_does_not_know(
    db_server: Database, into: str
) -> None:
    old = start(db_server)
    with psycopg.connect(db_server.url) as writer:
        insert(writer, "Open")
        add(db_server.url, "Committed")
        dump = dumped(db_server)
    [lost, seen] = read(db_server.url, old)
    assert seen == ["Open", "Committed"]
    url = restored(db_server, dump, into)
    add(url, "After")
    assert read(url, lost) == EXPIRED
    assert read(url, old)[1] == ["Committed", "After"]


@pytest.mark.parametrize("emptied", ["TRUNCATE", "DELETE", "all but the era"])
def test_restored_data_expires_cursors_it_does_not_know(db_server: Database, emptied: str) -> None:
    old = start(db_server)
    with psycopg.connect(db_server.url) as writer:
        insert(writer, "Open")
        add(db_server.url, "Committed")
        dump = dumped(db_server)
    [seen, _] = read(db_server.url, old)
    add(db_server.url, *numbered("Lost", 30))
    [lost, _] = read(db_server.url, old)
    empty(db_server, emptied)
    words = ["--data-only", "--disable-triggers", "--username=jobs", "--dbname=jobs"]
    run(db_server, "pg_restore", *words, dump)
    add(db_server.url, *numbered("Kept", 60))
    assert read(db_server.url, lost) == read(db_server.url, seen) == EXPIRED
    assert read(db_server.url, old)[1] == ["Committed", *numbered("Kept", 60)]
    add(db_server.url, "Last")
    assert read(db_server.url, lost) == read(db_server.url, seen) == EXPIRED


def empty(db_server: Database, how: str) -> None:
    names = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    tables = [name for (name,) in db_server.execute(names)]
    if how.startswith("all but"):
        tables.remove("job_feed_running")
    deletes = "; ".join(f"DELETE FROM {table}" for table in tables)
    emptied = f"TRUNCATE {', '.join(tables)}" if how == "TRUNCATE" else deletes
    db_server.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {emptied}; COMMIT")


@pytest.mark.parametrize("emptied", ["TRUNCATE", "DELETE FROM"])
def test_deleted_events_expire_the_cursors_before_them(db_server: Database, emptied: str) -> None:
    old = start(db_server)
    add(db_server.url, *numbered("Lost", 5))
    [lost, _] = read(db_server.url, old)
    db_server.execute(f"{emptied} job_event")
    add(db_server.url, *numbered("Kept", 30))
    assert read(db_server.url, lost) == read(db_server.url, old) == EXPIRED
