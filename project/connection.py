"""A client's connection that no thread has to wait at: what the client does not take at once is kept, and sent later."""

import socket
import struct
from time import monotonic
from typing import Any, Final

# How long a client may take to read an answer, and how long a thread waits where one must: for more of an import's body,
# or for an answer too large to be kept.
SEND_SECONDS: Final = 60.0
STALL_SECONDS: Final = 10
# The longest page and the schema are a tenth of it.
KEPT_BYTES: Final = 1 << 22
_STALL: Final = struct.pack("ll", STALL_SECONDS, 0)


class Connection(socket.socket):
    """Takes the place of the accepted socket. With a timeout of its own it waits, as exports do: they are too long to keep."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self._kept = bytearray()
        self.deadline = 0.0
        # Whether a thread may wait here for more of a request. Where not, it finds that the client has said all.
        self.is_streamed = False
        # Whether a browser asked for a page, and shows what it gets.
        self.wants_page = False
        # A thread that waits longer gets a BlockingIOError.
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self.setsockopt(socket.SOL_SOCKET, direction, _STALL)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if not self.is_streamed and not flags & socket.MSG_DONTWAIT:
            return b""
        return super().recv(size, flags)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        if len(self._kept) + len(data) > KEPT_BYTES or self.gettimeout():
            if self._kept:
                super().sendall(self._kept)
                self._kept.clear()
            super().sendall(data, flags)
            return
        self._kept += data
        self.send_kept()

    def send_kept(self) -> bool:
        """Sends what the client takes now; whether that is all. Raises OSError where it has gone."""
        while self._kept:
            try:
                sent = self.send(self._kept, socket.MSG_DONTWAIT)
            except BlockingIOError:
                self.deadline = self.deadline or monotonic() + SEND_SECONDS
                return False
            del self._kept[:sent]
        self.deadline = 0.0
        return True
