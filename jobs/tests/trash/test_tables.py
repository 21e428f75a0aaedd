"""The tables of the trash have every column of the tables whose rows they keep."""

import pytest

from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db

COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), attcollation::regcollation::text, attnotnull
    FROM pg_attribute
    WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


@pytest.mark.parametrize(
    ("kept", "table", "own"),
    [
        ("trashed_job", "job", {"deleted_at", "operation_id", "actor"}),
        ("trashed_status", "job_status", set()),
    ],
)
def test_it_has_the_columns_of_the_other(kept: str, table: str, own: set[str]) -> None:
    columns = {name: rest for name, *rest in database_rows(COLUMNS.format(table=kept))}
    expected = {name: rest for name, *rest in database_rows(COLUMNS.format(table=table))}
    assert {name: columns[name] for name in columns.keys() - own} == expected


@pytest.mark.parametrize(
    ("function", "tables"),
    [("job_delete", "trashed_job trashed_status"), ("job_restore", "job job_status")],
)
def test_the_function_copies_every_column(function: str, tables: str) -> None:
    [(text,)] = database_rows(f"SELECT pg_get_functiondef('{function}'::regproc)")
    for table in tables.split():
        listed = text.partition(f"INSERT INTO {table} (")[2].partition(")")[0]
        names = {name.strip().strip('"') for name in listed.split(",")}
        assert names == {name for name, *_ in database_rows(COLUMNS.format(table=table))}


@pytest.mark.parametrize("function", ["job_delete", "job_restore"])
def test_its_plans_do_not_depend_on_how_full_the_trash_was(function: str) -> None:
    [(settings,)] = database_rows(f"SELECT proconfig FROM pg_proc WHERE proname = '{function}'")
    assert {"plan_cache_mode=force_generic_plan", "enable_seqscan=off"} <= set(settings)
