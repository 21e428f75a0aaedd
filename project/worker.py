"""gunicorn's threads, for those who have asked: who begins a request and says no more, or does not hang up, has none.

gunicorn gives a thread to each connection and waits there for the head of its request, and its one main thread waits
up to two seconds for each client to hang up: a dozen of either, and nobody else is answered.
"""

import socket
import struct
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from time import monotonic
from typing import Final

from gunicorn.workers.gthread import TConn, ThreadWorker

from project.refusals import write_error

# From the first byte of a request to the last of its head; for hanging up; and how often both are looked for.
HEAD_SECONDS: Final = 5.0
FAREWELL_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.05
HEAD_BYTES: Final = 1 << 16
# How long a thread waits for more of a body. Sending is not bounded: a whole answer may take its time.
STALL_SECONDS: Final = 10
STALL: Final = struct.pack("ll", STALL_SECONDS, 0)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A connection has no thread before the head of its request is here, nor after its last answer.

    Until its first byte it waits like one that is kept alive between two requests. Whoever reads a body that stalls
    gets a BlockingIOError. What is here is done by the main thread.
    """

    def init_process(self) -> None:
        self._begun: dict[TConn, float] = {}
        self._leaving: dict[socket.socket, float] = {}
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        seen = _seen(conn)
        if seen is None:
            self._begun.pop(conn, None)
            conn.data_ready = True
            conn.close = partial(self._close, conn.sock)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, STALL)
            super().enqueue_req(conn)
        elif seen == HEAD_BYTES:
            write_error(conn.sock, 431, "", "")
            self._end(conn)
        elif seen:
            self._begun.setdefault(conn, monotonic() + HEAD_SECONDS)
        else:
            conn.set_timeout()
            self.pending_conns.append(conn)
            readable = partial(self.on_pending_socket_readable, conn)
            self.poller.register(conn.sock, EVENT_READ, readable)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        waits = self._begun or self._leaving
        super().wait_for_and_dispatch_events(LOOK_SECONDS if waits else timeout)
        for conn, deadline in list(self._begun.items()):
            if deadline > monotonic():
                self.enqueue_req(conn)
            else:
                self._end(conn)
        for sock, deadline in list(self._leaving.items()):
            if deadline <= monotonic() or _has_hung_up(sock):
                del self._leaving[sock]
                sock.close()

    def murder_pending(self) -> None:
        if not self.alive:  # nobody is waiting for an answer
            for conn in self.pending_conns:
                conn.timeout = 0
        super().murder_pending()

    def _end(self, conn: TConn) -> None:
        self._begun.pop(conn, None)
        self.nr_conns -= 1
        conn.close()

    def _close(self, sock: socket.socket, graceful: bool = False) -> None:
        """In the place of the connection's own. Closed with bytes unread, it would be reset, and the answer lost."""
        if graceful:
            with suppress(OSError):  # it has gone by itself
                sock.shutdown(socket.SHUT_WR)
                self._leaving[sock] = monotonic() + FAREWELL_SECONDS
                return
        sock.close()


def _seen(conn: TConn) -> int | None:
    """How many bytes of an unfinished head are here; None where a thread may go on."""
    if conn.initialized and conn.parser.unreader.buf.getvalue():
        return None
    try:
        head = conn.sock.recv(HEAD_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return 0
    except OSError:
        return None
    return None if not head or b"\r\n\r\n" in head else len(head)


def _has_hung_up(sock: socket.socket) -> bool:
    """Reads what has come, which nobody wants."""
    try:
        return not sock.recv(HEAD_BYTES, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
