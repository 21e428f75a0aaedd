"""Clients that will say nothing more: they may wait still, as `nc -N` does, or have gone. To us both are an end of input.

An interim answer (RFC 9110, 15.2) tells them apart: whoever speaks HTTP/1.1 passes over it, and from where nobody waits
a reset comes back.
"""

import socket
from contextlib import suppress
from typing import Final

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


def knock(connection: socket.socket) -> None:
    """Only before an answer begins. Raises OSError where nobody is known to be there already."""
    with suppress(BlockingIOError):
        connection.send(CONTINUE, socket.MSG_DONTWAIT)


def still_there(connection: socket.socket) -> None:
    """Raises OSError once a reset has come."""
    if error := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(error, "The client has gone.")
