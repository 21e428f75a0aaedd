from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import connection


@pytest.fixture
def nothing_kept(db: None) -> None:
    """The table of stored responses has no model, so nothing else empties it between tests."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kept_answer")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes the connections of the test."""
    with ExitStack() as stack:
        yield stack
