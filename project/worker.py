"""gunicorn's threads, for requests that are here: a client that sends or reads slowly, or does not hang up, has none.

gunicorn gives a thread to each connection, which waits there for the head of the request, for its body and for the
client to read the answer, and its one main thread waits up to two seconds for each client to hang up: a dozen of
either, and nobody else is answered.
"""

import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from time import monotonic
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

from project.arrival import LANES, Arrival, Stage
from project.connection import Connection
from project.refusals import write_error

FAREWELL_SECONDS: Final = 2.0
# How often deadlines are looked at.
LOOK_SECONDS: Final = 0.1
RECEIVED_BYTES: Final = 1 << 16
# Of all requests that are not here yet, in each process.
HELD_BYTES: Final = 1 << 26
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
REFUSED: Final = {
    Stage.HEAD_TOO_LARGE: 431,
    Stage.BODY_TOO_LARGE: 413,
    Stage.MALFORMED: 400,
    Stage.UNKNOWN_CODING: 501,
}
OFFERED: Final = b"GET, HEAD, POST, PATCH, DELETE, OPTIONS"
OPTIONS: Final = b"HTTP/1.1 204 No Content\r\nAllow: " + OFFERED + b"\r\nConnection: close\r\n\r\n"


class Threads:
    """In the place of gunicorn's pool of threads: with more for each lane, so that a database which holds all the others
    keeps nobody from a style sheet, nor from asking how it is, and a lock that changes wait for nobody from reading.
    """

    def __init__(self, threads: int) -> None:
        self._pools = {
            lane: ThreadPoolExecutor(threads if lane == "change" else 1) for lane in LANES
        }
        self._others = ThreadPoolExecutor(threads)

    def submit(self, handle: Callable[[TConn], Any], conn: TConn) -> Future[Any]:
        return self._pools.get(conn.lane, self._others).submit(handle, conn)

    def shutdown(self, wait: bool = True, cancel_futures: bool = False) -> None:
        for pool in (*self._pools.values(), self._others):
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A connection has no thread before its request is here, nor while its answer is on its way.

    Until its first byte it waits like one that is kept alive between two requests. All but `handle_request` is done by
    the main thread.
    """

    def init_process(self) -> None:
        self._arriving: dict[TConn, Arrival] = {}
        self._sending: dict[TConn, Any] = {}
        self._leaving: dict[socket.socket, float] = {}
        self._held = 0
        self._quits = False
        super().init_process()

    def get_thread_pool(self) -> Threads:
        return Threads(self.cfg.threads)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """At the next turn. gunicorn's own ends the process wherever it is: where a thread was just being made, which then
        nobody ends, and with a lock that may be held.
        """
        self._quits = True
        self.handle_exit(sig, frame)

    def accept(self, listener: socket.socket) -> None:
        if self.nr_conns >= self.worker_connections - 1 and self.pending_conns:
            self.pending_conns[0].timeout = 0  # of those that say nothing, the oldest makes room
            self.murder_pending()
        super().accept(listener)

    def enqueue_req(self, conn: TConn) -> None:
        """Called by gunicorn for a connection that is new, or has something to read."""
        if not conn.initialized:
            conn.sock = Connection(conn.sock)
            conn.close = partial(self._close, conn.sock)
            conn.init()
        self._receive(conn, Arrival(conn.parser.unreader.take_buffered()))

    def _receive(self, conn: TConn, arrival: Arrival) -> None:
        """Takes in what has come, then hands the connection on by how far its request is."""
        has_ended = False
        while arrival.stage in {Stage.NOTHING, Stage.HEAD, Stage.BODY} and not has_ended:
            try:
                received = conn.sock.recv(RECEIVED_BYTES, socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            except OSError:
                self._end(conn)
                return
            arrival.take(received)
            has_ended = not received
        if arrival.stage in REFUSED:
            self._refuse(conn, arrival, REFUSED[arrival.stage])
        elif arrival.stage is Stage.COMPLETE or (has_ended and arrival.stage is not Stage.NOTHING):
            self._hand_over(conn, arrival)
        elif has_ended:
            self._end(conn)
        elif arrival.stage is Stage.NOTHING:
            conn.set_timeout()
            self.pending_conns.append(conn)
            self.poller.register(
                conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn)
            )
        else:
            self._wait_for_more(conn, arrival)

    def _wait_for_more(self, conn: TConn, arrival: Arrival) -> None:
        if arrival.awaits_continue:
            arrival.awaits_continue = False
            with suppress(OSError):  # which reading tells
                conn.sock.send(CONTINUE, socket.MSG_DONTWAIT)
        if conn not in self._arriving:
            self._arriving[conn] = arrival
            self.poller.register(conn.sock, EVENT_READ, partial(self._on_more, conn))
        self._held += arrival.size - arrival.counted
        arrival.counted = arrival.size
        if self._held > HELD_BYTES:
            self._refuse(conn, arrival, 503)

    def _on_more(self, conn: TConn, sock: socket.socket) -> None:
        self._receive(conn, self._arriving[conn])

    def _hand_over(self, conn: TConn, arrival: Arrival) -> None:
        self._forget(conn)
        conn.parser.unreader.unread(arrival.request())
        conn.data_ready, conn.sock.is_streamed = True, arrival.is_streamed
        conn.lane, conn.sock.wants_page = arrival.lane, arrival.wants_page
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Refuses what gunicorn lets pass. In a thread."""
        if req.version not in {(1, 0), (1, 1)}:
            write_error(conn.sock, 505, "", "")
            return False
        if req.version == (1, 1) and not any(name == "HOST" for name, _ in req.headers):
            write_error(conn.sock, 400, "", "")
            return False
        if req.uri == "*" and req.method == "OPTIONS":
            conn.sock.sendall(OPTIONS)
            return False
        if conn.sock.is_streamed:
            req.must_close = True  # what is left of its body need not be waited for
        kept: bool = super().handle_request(req, conn)
        return kept

    def finish_request(self, conn: TConn, fs: Any) -> None:
        try:
            is_sent = conn.sock.fileno() == -1 or conn.sock.send_kept()
        except OSError:
            is_sent = True  # it has gone by itself
        if is_sent:
            super().finish_request(conn, fs)
        else:
            self._sending[conn] = fs
            self.poller.register(conn.sock, EVENT_WRITE, partial(self._on_writable, conn))

    def _on_writable(self, conn: TConn, sock: socket.socket) -> None:
        try:
            if not conn.sock.send_kept():
                return
        except OSError:
            self._end(conn)
            return
        fs = self._sending[conn]
        self._forget(conn)
        super().finish_request(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        if self._quits:
            # The end of the process would wait for the requests that have no thread yet, too.
            self.tpool.shutdown(wait=False, cancel_futures=True)
            sys.exit(0)
        waits = self._arriving or self._sending or self._leaving
        super().wait_for_and_dispatch_events(min(LOOK_SECONDS, timeout) if waits else timeout)
        now = monotonic()
        for conn, arrival in list(self._arriving.items()):
            if arrival.deadline <= now:
                self._refuse(conn, arrival, 408)
        for conn in list(self._sending):
            if conn.sock.deadline <= now:
                self._end(conn)
        for sock, deadline in list(self._leaving.items()):
            if deadline <= now or _has_hung_up(sock):
                del self._leaving[sock]
                sock.close()

    def murder_pending(self) -> None:
        if not self.alive:  # nobody is waiting for an answer
            for conn in self.pending_conns:
                conn.timeout = 0
        super().murder_pending()

    def _refuse(self, conn: TConn, arrival: Arrival, status: int) -> None:
        self._forget(conn)
        conn.sock.wants_page = arrival.wants_page
        self.nr_conns -= 1
        with suppress(OSError):  # it has gone by itself
            write_error(conn.sock, status, "", "")
        conn.close(graceful=True)

    def _end(self, conn: TConn) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: TConn) -> None:
        arrival = self._arriving.pop(conn, None)
        if arrival:
            self._held -= arrival.counted
        if arrival or self._sending.pop(conn, None):
            self.poller.unregister(conn.sock)

    def _close(self, sock: socket.socket, graceful: bool = False) -> None:
        """In the place of the connection's own. Closed with bytes unread, it would be reset, and the answer lost."""
        if graceful:
            with suppress(OSError):  # it has gone by itself
                sock.shutdown(socket.SHUT_WR)
                self._leaving[sock] = monotonic() + FAREWELL_SECONDS
                return
        sock.close()


def _has_hung_up(sock: socket.socket) -> bool:
    """Reads what has come, which nobody wants."""
    try:
        return not sock.recv(RECEIVED_BYTES, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
