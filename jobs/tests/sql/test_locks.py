"""A migration that runs a file does not let others queue behind it."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection
from django.db.transaction import atomic

from jobs.sql import running
from jobs.tests.factories import database_rows
from jobs.tests.sql.files import current, run_file

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "job_status_triggers"
WRITE = "LOCK TABLE job_status IN ROW EXCLUSIVE MODE"  # as a writer does


def in_another_session(run: Callable[[], object], finished: Event) -> Thread:
    def work() -> None:
        try:
            run()
            finished.set()
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    return thread


def test_it_gives_its_place_in_the_queue_up_and_tries_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses: list[float] = []
    retried, finished = Event(), Event()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        retried.set()

    monkeypatch.setattr(running, "sleep", sleep)
    with atomic():
        database_rows(WRITE)
        [[writer]] = database_rows("SELECT pg_backend_pid()")
        thread = in_another_session(lambda: run_file(NAME), finished)
        assert retried.wait(60)
        assert not finished.is_set()
    thread.join(60)
    assert finished.is_set()
    assert min(pauses) >= 10 * 1.5
    printed = capsys.readouterr().out
    assert f"{NAME} did not get its locks" in printed
    assert f"process {writer} (RowExclusiveLock on job_status)" in printed


def test_within_a_transaction_it_fails_and_releases_the_locks_of_that() -> None:
    failed = Event()

    def run() -> None:
        with pytest.raises(OperationalError, match="lock timeout"), atomic():
            run_file(NAME)

    with atomic():
        database_rows(WRITE)
        in_another_session(run, failed).join(60)
        assert failed.is_set()


def test_its_settings_do_not_outlive_it() -> None:
    settings = "SELECT current_setting('lock_timeout'), current_setting('search_path')"
    before = database_rows(settings)
    with atomic():
        run_file(NAME)
        assert database_rows(settings) == before
    assert database_rows(settings) == before


def test_sql_can_be_shown_without_being_run() -> None:
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        current(NAME).database_forwards("jobs", editor, None, None)
    begin, timeout, path, sql, commit = editor.collected_sql
    assert (begin, commit) == ("BEGIN;", "COMMIT;")
    assert "lock_timeout" in timeout
    assert "search_path" in path
    assert "CREATE OR REPLACE TRIGGER job_status_no_update" in sql
