"""An export whose first row never comes, and a client that disconnects from it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from django.db import connections

from jobs.tests.served import active_copies
from jobs.tests.waiting import eventually
from jobs.transfer.formats import Format

ENDLESS = Format("text/csv", "id, pg_sleep(600)", "FORMAT csv", lambda rows: rows)


@contextmanager
def closed_during_copy(client: socket.socket) -> Iterator[None]:
    """Closes the client's end as soon as a COPY is running."""

    def close() -> None:
        try:
            eventually(lambda: active_copies() == 1)
        finally:
            client.close()
            connections.close_all()

    leaving = Thread(target=close)
    leaving.start()
    yield
    leaving.join()
