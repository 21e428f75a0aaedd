"""Migrations one by one, although a new database gets the squashed migration."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db.migrations.loader import MigrationLoader

SQUASHED = ("jobs", "0001_squashed_0016_append_only_history")


@contextmanager
def without_squashed_migration() -> Iterator[None]:
    """Django replaces the migrations by the squashed one in a database that has all or none of them."""

    class Loader(MigrationLoader):
        def load_disk(self) -> None:
            super().load_disk()
            del self.disk_migrations[SQUASHED]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.migrations.executor.MigrationLoader", Loader)
        yield
