"""Who makes the changes of a transaction, for what records it: the change feed and the trash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

from django.db import connection, transaction

# job_event_track and job_delete read it. It ends with the transaction.
SET_ACTOR: Final = "SELECT set_config('job_event.actor', %s, true)"


@contextmanager
def acting(actor: int | None) -> Iterator[None]:
    """The changes in the block are one transaction, made by this user. Without a user, as in open mode, it does nothing."""
    if actor is None:
        yield
        return
    # A savepoint would be two statements more.
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SET_ACTOR, [str(actor)])
        yield
