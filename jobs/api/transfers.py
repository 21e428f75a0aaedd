"""What exports and imports share: how many run at once, and the client's connection under them."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Timer
from typing import Final

from django.conf import settings
from rest_framework.request import Request

from jobs.api import interim
from jobs.api.handover import is_plain
from jobs.api.refusals import Refused

# Each holds a thread and a database connection for its time: the others are left to everything else.
_slots: Final = BoundedSemaphore(settings.TRANSFERS_AT_ONCE)
RETRY_AFTER: Final = 10
# With a linger of no seconds, closing a connection resets it.
RESET: Final = struct.pack("ii", 1, 0)
NO_RESET: Final = struct.pack("ii", 0, 0)


class Slot:
    """The right to export or import. Raises Refused where all are taken; give it back once."""

    def __init__(self) -> None:
        if not _slots.acquire(blocking=False):
            raise busy()
        self._is_held = True

    def give_back(self) -> None:
        if self._is_held:
            self._is_held = False
            _slots.release()


def busy() -> Refused:
    detail = "As many exports and imports as may run at once are running. Try again soon."
    return Refused(503, "busy", detail, RETRY_AFTER)


def over_time() -> Refused:
    detail = f"The export took longer than {settings.EXPORT_SECONDS} seconds."
    return Refused(503, "export_budget", detail, RETRY_AFTER)


@contextmanager
def slot() -> Iterator[None]:
    held = Slot()
    try:
        yield
    finally:
        held.give_back()


class Peer:
    """The client's connection, where the server hands it out, as gunicorn does; else what is asked of it is not done."""

    def __init__(self, request: Request) -> None:
        self._socket: socket.socket | None = request.META.get("gunicorn.socket")
        self._speaks_1_1 = request.META.get("SERVER_PROTOCOL") == "HTTP/1.1"

    @property
    def descriptor(self) -> int | None:
        return self._socket.fileno() if self._socket else None

    def knock(self) -> None:
        """Before it is answered: whether it is there still is then told by its connection. Not of HTTP/1.0, nor of TLS."""
        if is_plain(self._socket) and self._speaks_1_1:
            with suppress(OSError):  # which the connection tells
                interim.knock(self._socket)

    def limit_stalls(self) -> None:
        """From now on whoever waits for the client gets a TimeoutError in time."""
        if self._socket:
            self._socket.settimeout(settings.TRANSFER_STALL_SECONDS)

    def unlimit_stalls(self) -> None:
        if self._socket and self._socket.fileno() != -1:
            self._socket.settimeout(None)

    def reset_at_end(self, resets: bool) -> None:
        """Whether the connection's end, whoever causes it, is one that no client takes for the end of an answer.

        The kernel sees to it, so it is true of a process that is killed as well.
        """
        if self._socket:
            with suppress(OSError):  # it has gone by itself
                self._socket.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, RESET if resets else NO_RESET
                )

    def reset(self) -> None:
        """Break off, before the server says goodbye in order."""
        self.reset_at_end(True)
        if self._socket:
            self._socket.close()

    @contextmanager
    def deaf_after(self, seconds: float) -> Iterator[None]:
        """Then nothing more is read from it, even in the middle of a read."""
        timer = Timer(max(0, seconds), self._stop_reading)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _stop_reading(self) -> None:
        if self._socket:
            with suppress(OSError):  # it has gone by itself
                self._socket.shutdown(socket.SHUT_RD)
