"""What the benchmark does to prepare and compare is not canceled, however slow the machine is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jobs.benchmark.database import command, rows

SLOW = "SELECT pg_sleep(0.5)"


@pytest.mark.django_db
@pytest.mark.parametrize("run", [command, rows])
def test_its_own_statements_outlast_every_timeout(run: Callable[[str], Any]) -> None:
    connection.ensure_connection()
    psycopg_connection: Any = connection.connection
    before = psycopg_connection.client_timeout
    psycopg_connection.client_timeout = 0.05
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 50")
            run(SLOW)
            cursor.execute("RESET statement_timeout")
        assert psycopg_connection.client_timeout == 0.05
    finally:
        psycopg_connection.client_timeout = before
