"""Telling a half-closed client (`nc -N`), which still waits for its response, from one that is gone.

Both end the input. An interim response (RFC 9110, 15.2) tells them apart: an HTTP/1.1 client skips it, and a
closed connection answers with a reset.
"""

import socket
from contextlib import suppress
from typing import Final

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


def probe(connection: socket.socket) -> None:
    """Call it only before the response begins. Raises OSError if the connection is already known to be closed."""
    with suppress(BlockingIOError):
        connection.send(CONTINUE, socket.MSG_DONTWAIT)


def raise_if_reset(connection: socket.socket) -> None:
    """Raises OSError once a reset has arrived."""
    if error := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(error, "The client is gone.")
