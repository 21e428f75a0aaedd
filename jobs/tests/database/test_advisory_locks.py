"""Advisory locks share one space of keys: jobs/advisory_locks.py lists them all."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from jobs import advisory_locks
from jobs.tests.factories import database_rows

CALL = re.compile(r"advisory_\w*lock\w*\((\d+)\)")
IN_USE = (advisory_locks.MIGRATE, advisory_locks.REPAIR_COUNTS)


def test_every_key_is_used_once() -> None:
    assert len({*IN_USE, *advisory_locks.RETIRED}) == len(IN_USE) + len(advisory_locks.RETIRED)


def test_no_other_module_has_a_key_of_its_own() -> None:
    files = [
        path
        for room in ("jobs", "project")
        for pattern in ("*.py", "*.sql")
        for path in Path(settings.BASE_DIR, room).rglob(pattern)
        if not {"tests", "migrations"} & {*path.parts}
    ]
    assert files
    assert [path for path in files if CALL.search(path.read_text())] == []


def test_keys_in_migrations_are_retired() -> None:
    migrations = Path(settings.BASE_DIR, "jobs", "migrations").glob("*.py")
    found = {int(key) for path in migrations for key in CALL.findall(path.read_text())}
    assert found <= advisory_locks.RETIRED


@pytest.mark.django_db
def test_the_only_function_with_a_lock_derives_its_key_from_a_digest() -> None:
    sql = """
        SELECT proname, prosrc FROM pg_proc JOIN pg_namespace AS schema ON schema.oid = pronamespace
        WHERE nspname = current_schema() AND prosrc LIKE '%advisory%'
    """
    [(name, body)] = database_rows(sql)
    assert name == "kept_answer_claim"
    assert "left(encode(wanted, 'hex'), 16)" in body
