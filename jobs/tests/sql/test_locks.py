"""A migration that runs a file does not let others queue behind it."""

from threading import Event, Thread

import pytest
from django.db import connection
from django.db.transaction import atomic

from jobs.sql import operations
from jobs.sql.operations import FOLDER, RunFile, version_of
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "job_status_append_only"


def test_it_gives_its_place_in_the_queue_up_and_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    retried, finished = Event(), Event()
    monkeypatch.setattr(operations, "sleep", lambda _: retried.set())
    file = RunFile(NAME, version_of((FOLDER / f"{NAME}.sql").read_text()))

    def run() -> None:
        with connection.schema_editor(atomic=False) as editor:
            file.database_forwards("jobs", editor, None, None)
        connection.close()
        finished.set()

    with atomic():
        database_rows("LOCK TABLE job_status IN ROW EXCLUSIVE MODE")  # as a writer does
        thread = Thread(target=run)
        thread.start()
        assert retried.wait(60)
        assert not finished.is_set()
    thread.join(60)
    assert finished.is_set()


def test_sql_can_be_shown_without_being_run() -> None:
    file = RunFile(NAME, version_of((FOLDER / f"{NAME}.sql").read_text()))
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        file.database_forwards("jobs", editor, None, None)
    timeout, sql = editor.collected_sql
    assert "lock_timeout" in timeout
    assert "CREATE OR REPLACE TRIGGER job_status_no_update" in sql
