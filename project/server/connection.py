"""A client connection with an output buffer, so that no thread waits for the client to read the response."""

import socket
import struct
from time import monotonic
from typing import Any, Final

# How long a client may take to read a response, and how long a thread waits where it has to: for more of an import's
# body, or to send a response that exceeds the buffer.
SEND_SECONDS: Final = 60.0
STALL_SECONDS: Final = 10
# About ten times the size of the largest page, and of the schema.
MAX_UNSENT_BYTES: Final = 1 << 22
_STALL: Final = struct.pack("ll", STALL_SECONDS, 0)


class Connection(socket.socket):
    """Replaces the accepted socket. With a timeout set, sending blocks instead: exports are too large to buffer."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self._unsent = bytearray()
        self.deadline = 0.0
        # Whether a thread may wait here for more of a request; otherwise reading reports its end.
        self.is_streamed = False
        # Whether an error response is a page, for a browser, or a problem document.
        self.wants_html = False
        # A read or write that blocks for longer raises BlockingIOError.
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self.setsockopt(socket.SOL_SOCKET, direction, _STALL)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if not self.is_streamed and not flags & socket.MSG_DONTWAIT:
            return b""
        return super().recv(size, flags)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        if len(self._unsent) + len(data) > MAX_UNSENT_BYTES or self.gettimeout():
            if self._unsent:
                super().sendall(self._unsent)
                self._unsent.clear()
            super().sendall(data, flags)
            return
        self._unsent += data
        self.flush()

    def flush(self) -> bool:
        """Sends what the client accepts without blocking, and returns whether the buffer is empty.

        Raises OSError if the client has disconnected.
        """
        while self._unsent:
            try:
                sent = self.send(self._unsent, socket.MSG_DONTWAIT)
            except BlockingIOError:
                self.deadline = self.deadline or monotonic() + SEND_SECONDS
                return False
            del self._unsent[:sent]
        self.deadline = 0.0
        return True
