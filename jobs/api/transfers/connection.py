"""What exports and imports share: the limit of concurrent ones, and access to the client's connection."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Timer
from typing import Final

from django.conf import settings
from rest_framework.request import Request

from jobs.access.principal import principal_of
from jobs.access.shares import Shares
from jobs.api.http import interim
from jobs.api.http.hijack import is_plain
from jobs.api.http.internals import client_socket
from jobs.api.problems.transfers import TransfersBusy, TransfersLimited

# Each holds a thread and a database connection until it ends. The rest are for all other requests.
_slots: Final = BoundedSemaphore(settings.TRANSFERS_AT_ONCE)
_shares: Final = Shares()
# With a linger time of zero, closing a connection resets it.
RESET: Final = struct.pack("ii", 1, 0)
NO_RESET: Final = struct.pack("ii", 0, 0)


class Slot:
    """One of the slots for exports and imports, for a user's request.

    Raises TransfersLimited if the user has no more of them, TransfersBusy if all are taken.
    """

    def __init__(self, request: Request) -> None:
        give_back = _shares.take(principal_of(request).user_id, settings.TRANSFERS_PER_USER)
        if give_back is None:
            raise TransfersLimited
        if not _slots.acquire(blocking=False):
            give_back()
            raise TransfersBusy
        self._give_back = give_back
        self._is_acquired = True

    def release(self) -> None:
        if self._is_acquired:
            self._is_acquired = False
            _slots.release()
            self._give_back()


@contextmanager
def slot(request: Request) -> Iterator[None]:
    acquired = Slot(request)
    try:
        yield
    finally:
        acquired.release()


class ClientConnection:
    """The client's connection if the server exposes it, as gunicorn does; otherwise the methods have no effect."""

    def __init__(self, request: Request) -> None:
        self._socket = client_socket(request)
        self._is_http_1_1 = request.META.get("SERVER_PROTOCOL") == "HTTP/1.1"

    @property
    def descriptor(self) -> int | None:
        return self._socket.fileno() if self._socket else None

    def probe(self) -> None:
        """Makes the connection report a client that is gone. Before the response only; not for HTTP/1.0 or TLS."""
        if is_plain(self._socket) and self._is_http_1_1:
            with suppress(OSError):  # the connection reports it
                interim.probe(self._socket)

    def limit_stalls(self) -> None:
        """From now on, reads and writes that stall raise TimeoutError."""
        if self._socket:
            self._socket.settimeout(settings.TRANSFER_STALL_SECONDS)

    def clear_stall_limit(self) -> None:
        if self._socket and self._socket.fileno() != -1:
            self._socket.settimeout(None)

    def reset_at_end(self, resets: bool) -> None:
        """Sets whether the end of the connection is a reset, which no client takes for the end of the response.

        The kernel does it, so it also applies if the process is killed.
        """
        if self._socket:
            with suppress(OSError):  # already closed
                self._socket.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, RESET if resets else NO_RESET
                )

    def reset(self) -> None:
        """Resets the connection, before the server ends the response cleanly."""
        self.reset_at_end(True)
        if self._socket:
            self._socket.close()

    @contextmanager
    def shutdown_read_after(self, seconds: float) -> Iterator[None]:
        """After that time, ends the input, even during a read."""
        timer = Timer(max(0, seconds), self._stop_reading)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _stop_reading(self) -> None:
        if self._socket:
            with suppress(OSError):  # already closed
                self._socket.shutdown(socket.SHUT_RD)
