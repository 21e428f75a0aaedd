"""What cursors of the change feed are worth after a crash, a restart, a copy put back, a dump restored, a failover."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jobs.tests.served import soon
from project.local import postgres
from project.tests.database_server import Database, database
from project.tests.feed_reader import GONE, add, insert, numbered, read, run, start
from project.tests.standby import at_standby, follows, standby_of


@pytest.fixture(scope="module")
def own() -> Iterator[Database]:
    with database("eras") as own:
        # As in production, but not for throwaway data: what was seen is on disk.
        own.execute("ALTER SYSTEM SET synchronous_commit = on")
        own.execute("SELECT pg_reload_conf()")
        yield own


def kill_server(own: Database) -> None:
    """All of it, as at a loss of power."""
    for process in [own.postmaster, *own._children()]:
        with suppress(ProcessLookupError):  # children end by themselves when their parent has
            os.kill(process, signal.SIGKILL)
    assert soon(lambda: postgres.running(own.cluster.data) is None, 60)


def kill_session(own: Database) -> None:
    """PostgreSQL then recovers as after a crash; its postmaster stays."""
    with psycopg.connect(own.url) as connection, psycopg.connect(own.url) as other:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        # It ends the other sessions once it has noticed; before that it would still take new ones.
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT pg_sleep(600)")
    own.cluster._wait_until_ready()


def lose_numbers(own: Database) -> None:
    """Takes numbers of transactions that leave nothing on disk: they are handed out again after a crash."""
    with psycopg.connect(own.url, autocommit=True) as connection:
        for _ in range(200):
            connection.execute("BEGIN; SELECT pg_current_xact_id(); ROLLBACK")


@pytest.mark.parametrize("crash", [kill_server, kill_session])
def test_a_crash_costs_no_cursor_and_no_event(own: Database, crash: Any) -> None:
    before = start(own)
    names = numbered("Before", 5)
    add(own.url, *names)
    lose_numbers(own)
    [cursor, seen] = read(own.url, before)
    assert seen == names
    crash(own)
    own.start()
    after = numbered("After", 30)
    add(own.url, *after)
    assert read(own.url, cursor)[1] == after
    assert read(own.url, before)[1] == names + after


def test_an_orderly_restart_costs_no_cursor_and_no_event(own: Database) -> None:
    cursor = start(own)
    add(own.url, "Before")
    own.stop()
    own.start()
    quiet = read(own.url, cursor)
    add(own.url, "After")
    assert quiet[1] == ["Before"]
    assert read(own.url, cursor)[1] == ["Before", "After"]
    assert read(own.url, quiet[0])[1] == ["After"]


def test_a_copy_put_back_ends_what_it_does_not_know(own: Database) -> None:
    old = start(own)
    own.stop()
    copy = own.cluster.folder / "copy"
    shutil.copytree(own.cluster.data, copy, symlinks=True)
    _own_as(own.cluster.data, copy)
    own.start()
    add(own.url, *numbered("Lost", 30))
    [lost, _] = read(own.url, old)
    own.stop()
    shutil.rmtree(own.cluster.data)
    copy.rename(own.cluster.data)
    own.start()
    kept = numbered("Kept", 60)
    add(own.url, *kept)
    assert read(own.url, lost) == GONE
    assert read(own.url, old)[1] == kept


def _own_as(model: Path, copy: Path) -> None:
    owner = model.stat()
    for path in [copy, *copy.rglob("*")]:
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


@pytest.mark.parametrize("into", ["jobs", "other"])
def test_a_dump_restored_ends_what_it_does_not_know(own: Database, into: str) -> None:
    old = start(own)
    dump = dumped(own)
    add(own.url, *numbered("Lost", 30))
    [lost, _] = read(own.url, old)
    url = restored(own, dump, into)
    kept = numbered("Kept", 60)
    add(url, *kept)
    assert read(url, lost) == GONE
    assert read(url, old)[1] == kept


def dumped(own: Database) -> Path:
    dump = own.cluster.folder / "jobs.dump"
    run(own, "pg_dump", "--format=custom", "--username=jobs", f"--file={dump}", "jobs")
    return dump


def restored(own: Database, dump: Path, into: str) -> str:
    """In whole, in place of what is there; the application's URL."""
    own.cluster.ensure_database(into)
    words = ["--clean", "--if-exists", "--username=jobs", f"--dbname={into}"]
    run(own, "pg_restore", *words, dump)
    return own.cluster.application_url(into)


def test_a_standby_promoted_costs_no_cursor_and_no_event(own: Database) -> None:
    before = start(own)
    with standby_of(own) as standby:
        names = numbered("Before", 5)
        add(own.url, *names)
        [cursor, seen] = read(own.url, before)
        assert seen == names
        assert soon(lambda: follows(standby, own), 60)
        add(own.url, "Not read")
        assert soon(lambda: follows(standby, own), 60)
        url = standby.url("jobs", postgres.APPLICATION)
        assert read(url, cursor) == "database_read_only"
        at_standby(standby, "SELECT pg_promote()")
        add(own.url, "Never replicated")
        [lost, _] = read(own.url, cursor)
        after = numbered("After", 30)
        add(url, *after)
        assert read(url, cursor)[1] == ["Not read", *after]
        assert read(url, lost) == GONE


def test_a_standby_without_the_last_that_was_given_ends_its_cursor(own: Database) -> None:
    before = start(own)
    with standby_of(own) as standby:
        with psycopg.connect(own.url) as writer:
            insert(writer, "Open")
            add(own.url, "Committed")
            assert soon(lambda: follows(standby, own), 60)
            at_standby(standby, "ALTER SYSTEM SET primary_conninfo = ''")
            at_standby(standby, "SELECT pg_reload_conf()")
            receivers = "SELECT count(*) FROM pg_stat_wal_receiver"
            assert soon(lambda: at_standby(standby, receivers) == (0,), 60)
        [lost, seen] = read(own.url, before)
        assert seen == ["Open", "Committed"]
        at_standby(standby, "SELECT pg_promote()")
        url = standby.url("jobs", postgres.APPLICATION)
        add(url, "After")
        assert read(url, lost) == GONE
        assert read(url, before)[1] == ["Committed", "After"]


@pytest.mark.parametrize("into", ["jobs", "other"])
def test_a_dump_beside_an_open_writer_ends_what_it_does_not_know(own: Database, into: str) -> None:
    old = start(own)
    with psycopg.connect(own.url) as writer:
        insert(writer, "Open")
        add(own.url, "Committed")
        dump = dumped(own)
    [lost, seen] = read(own.url, old)
    assert seen == ["Open", "Committed"]
    url = restored(own, dump, into)
    add(url, "After")
    assert read(url, lost) == GONE
    assert read(url, old)[1] == ["Committed", "After"]


@pytest.mark.parametrize("emptied", ["TRUNCATE", "DELETE", "all but what says which era it is"])
def test_data_put_back_into_its_tables_ends_what_it_does_not_know(
    own: Database, emptied: str
) -> None:
    old = start(own)
    with psycopg.connect(own.url) as writer:
        insert(writer, "Open")
        add(own.url, "Committed")
        dump = dumped(own)
    [seen, _] = read(own.url, old)
    add(own.url, *numbered("Lost", 30))
    [lost, _] = read(own.url, old)
    empty(own, emptied)
    words = ["--data-only", "--disable-triggers", "--username=jobs", "--dbname=jobs"]
    run(own, "pg_restore", *words, dump)
    add(own.url, *numbered("Kept", 60))
    assert read(own.url, lost) == read(own.url, seen) == GONE
    assert read(own.url, old)[1] == ["Committed", *numbered("Kept", 60)]
    add(own.url, "Last")
    assert read(own.url, lost) == read(own.url, seen) == GONE


def empty(own: Database, how: str) -> None:
    names = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    tables = [name for (name,) in own.execute(names)]
    if how.startswith("all but"):
        tables.remove("job_feed_running")
    deletes = "; ".join(f"DELETE FROM {table}" for table in tables)
    emptied = f"TRUNCATE {', '.join(tables)}" if how == "TRUNCATE" else deletes
    own.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {emptied}; COMMIT")


@pytest.mark.parametrize("emptied", ["TRUNCATE", "DELETE FROM"])
def test_events_that_disappeared_end_the_cursors_before_them(own: Database, emptied: str) -> None:
    old = start(own)
    add(own.url, *numbered("Lost", 5))
    [lost, _] = read(own.url, old)
    own.execute(f"{emptied} job_event")
    add(own.url, *numbered("Kept", 30))
    assert read(own.url, lost) == read(own.url, old) == GONE
