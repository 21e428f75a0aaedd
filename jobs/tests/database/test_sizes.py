"""`manage.py sizes` reads the catalog and no table."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.sizes import sizes
from jobs.tests.factories import database_rows, make_job

pytestmark = pytest.mark.django_db


def printed(*words: str) -> str:
    out = io.StringIO()
    call_command("sizes", *words, stdout=out)
    return out.getvalue()


def test_every_table_and_index_is_counted_once() -> None:
    found = sizes()
    tables = database_rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    indexes = database_rows("SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'")
    assert [(len(found.tables),), (len(found.indexes),)] == [*tables, *indexes]
    for table in found.tables:
        of_table = sum(index.size for index in found.indexes if index.table == table.name)
        assert (table.indexes, table.heap <= table.total - of_table) == (of_table, True)


def test_rows_are_those_that_analyze_has_seen() -> None:
    for number in range(3):
        make_job(f"Job {number}")
    assert {table.name: table.rows for table in sizes().tables}["job"] == 0
    database_rows("ANALYZE job")
    found = sizes()
    assert {table.name: table.rows for table in found.tables}["job"] == found.jobs == 3


def test_no_table_of_jobs_is_read() -> None:
    """So that it takes as long for ten million of them."""
    with CaptureQueriesContext(connection) as captured:
        sizes()
    for query in captured.captured_queries:
        plan = "\n".join(line for (line,) in database_rows(f"EXPLAIN {query['sql']}"))
        assert " on job " not in plan
        assert " on job_status" not in plan


def test_the_document_has_bytes_and_the_text_has_megabytes() -> None:
    document = json.loads(printed("--json"))
    assert document["size"] > 1_000_000
    assert {"name", "rows", "heap", "indexes", "total", "dead_rows", "vacuumed"} == set(
        document["tables"][0]
    )
    text = printed()
    assert text.startswith(f"0 jobs; the database has {document['size'] / 1_000_000:,.1f}")
    assert "the limit is 2,147,483,648" in text


def test_sizes_of_a_million_jobs_are_a_share_of_the_jobs_that_exist() -> None:
    make_job("Job 0")
    assert printed().startswith("1 job; ")
    for number in range(1, 4):
        make_job(f"Job {number}")
    size = json.loads(printed("--json"))["size"]
    assert f", {size / 4:,.1f} MB for a million." in printed()


def test_a_role_that_may_not_read_sequences_sees_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = sizes()._replace(ids_used=None)
    monkeypatch.setattr("jobs.management.commands.sizes.sizes", lambda: found)
    assert "Ids: not to be seen." in printed()
