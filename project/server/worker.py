"""A gthread worker that gives a connection a thread only while its request is processed.

The main thread reads requests until they are complete, sends responses to slow readers and performs the lingering
close. gunicorn's own worker holds a thread for all but the last of these, and blocks its one main thread for up to two
seconds per lingering close, so that a dozen slow clients stop the whole process.
"""

import socket
import sys
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from time import monotonic
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

from project.server.connection import Connection
from project.server.error_responses import write_error
from project.server.request_buffer import RequestBuffer, State
from project.server.thread_pools import ThreadPools

LINGER_SECONDS: Final = 2.0
# How often deadlines are checked.
POLL_SECONDS: Final = 0.1
RECV_BYTES: Final = 1 << 16
# For all incomplete requests of a process together.
MAX_BUFFERED_BYTES: Final = 1 << 26
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
ERROR_STATUSES: Final = {
    State.LINE_TOO_LONG: 414,
    State.HEAD_TOO_LARGE: 431,
    State.BODY_TOO_LARGE: 413,
    State.MALFORMED: 400,
    State.UNKNOWN_CODING: 501,
}
METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
OPTIONS: Final = b"HTTP/1.1 204 No Content\r\nAllow: " + METHODS + b"\r\nConnection: close\r\n\r\n"


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A connection holds no thread until its request is complete, nor while its response is being sent.

    Until the first byte it is treated like an idle keep-alive connection. All methods but `handle_request` run in the
    main thread.
    """

    def init_process(self) -> None:
        self._partial: dict[TConn, RequestBuffer] = {}
        self._sending: dict[TConn, Any] = {}
        self._closing: dict[socket.socket, float] = {}
        self._buffered = 0
        self._is_quitting = False
        super().init_process()

    def get_thread_pool(self) -> ThreadPools:
        return ThreadPools(self.cfg.threads)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Exits at the next iteration of the main loop. gunicorn's own handler exits at once, possibly while a thread
        is being started, which is then never joined, or while a lock is held.
        """
        self._is_quitting = True
        self.handle_exit(sig, frame)

    def accept(self, listener: socket.socket) -> None:
        if self.nr_conns >= self.worker_connections - 1 and self.pending_conns:
            self.pending_conns[0].timeout = 0  # make room by closing the oldest idle connection
            self.murder_pending()
        super().accept(listener)

    def enqueue_req(self, conn: TConn) -> None:
        """Called by gunicorn for a connection that is new or readable."""
        if not conn.initialized:
            conn.sock = Connection(conn.sock)
            conn.close = partial(self._close, conn.sock)
            conn.init()
        self._receive(conn, RequestBuffer(conn.parser.unreader.take_buffered()))

    def _receive(self, conn: TConn, buffer: RequestBuffer) -> None:
        """Reads what is available, then acts on the state of the request."""
        is_eof = False
        while buffer.state in {State.EMPTY, State.HEAD, State.BODY} and not is_eof:
            try:
                data = conn.sock.recv(RECV_BYTES, socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            except OSError:
                self._drop(conn)
                return
            buffer.feed(data)
            is_eof = not data
        if buffer.state in ERROR_STATUSES:
            self._reject(conn, buffer, ERROR_STATUSES[buffer.state])
        elif buffer.state is State.COMPLETE or (is_eof and buffer.state is not State.EMPTY):
            self._dispatch(conn, buffer)
        elif is_eof:
            self._drop(conn)
        elif buffer.state is State.EMPTY:
            conn.set_timeout()
            self.pending_conns.append(conn)
            self.poller.register(
                conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn)
            )
        else:
            self._wait_for_rest(conn, buffer)

    def _wait_for_rest(self, conn: TConn, buffer: RequestBuffer) -> None:
        if buffer.awaits_continue:
            buffer.awaits_continue = False
            with suppress(OSError):  # the next read reports it
                conn.sock.send(CONTINUE, socket.MSG_DONTWAIT)
        if conn not in self._partial:
            self._partial[conn] = buffer
            self.poller.register(conn.sock, EVENT_READ, partial(self._on_readable, conn))
        self._buffered += buffer.size - buffer.accounted
        buffer.accounted = buffer.size
        if self._buffered > MAX_BUFFERED_BYTES:
            self._reject(conn, buffer, 503)

    def _on_readable(self, conn: TConn, sock: socket.socket) -> None:
        self._receive(conn, self._partial[conn])

    def _dispatch(self, conn: TConn, buffer: RequestBuffer) -> None:
        self._untrack(conn)
        conn.parser.unreader.unread(buffer.parser_input())
        conn.data_ready, conn.sock.is_streamed = True, buffer.is_streamed
        conn.lane, conn.sock.wants_html = buffer.lane, buffer.wants_html
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Runs in a thread. Rejects some invalid requests that gunicorn accepts."""
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
            req.must_close = True  # an unread rest of the body must not delay the connection
        keepalive: bool = super().handle_request(req, conn)
        return keepalive

    def finish_request(self, conn: TConn, fs: Any) -> None:
        try:
            is_sent = conn.sock.fileno() == -1 or conn.sock.flush()
        except OSError:
            is_sent = True  # the client has disconnected
        if is_sent:
            super().finish_request(conn, fs)
        else:
            self._sending[conn] = fs
            self.poller.register(conn.sock, EVENT_WRITE, partial(self._on_writable, conn))

    def _on_writable(self, conn: TConn, sock: socket.socket) -> None:
        try:
            if not conn.sock.flush():
                return
        except OSError:
            self._drop(conn)
            return
        fs = self._sending[conn]
        self._untrack(conn)
        super().finish_request(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        if self._is_quitting:
            # Otherwise the process would not exit before the queued requests are processed.
            self.tpool.shutdown(wait=False, cancel_futures=True)
            sys.exit(0)
        waits = self._partial or self._sending or self._closing
        super().wait_for_and_dispatch_events(min(POLL_SECONDS, timeout) if waits else timeout)
        now = monotonic()
        for conn, buffer in list(self._partial.items()):
            if buffer.deadline <= now:
                self._reject(conn, buffer, 408)
        for conn in list(self._sending):
            if conn.sock.deadline <= now:
                self._drop(conn)
        for sock, deadline in list(self._closing.items()):
            if deadline <= now or _peer_has_closed(sock):
                del self._closing[sock]
                sock.close()

    def murder_pending(self) -> None:
        if not self.alive:  # shutting down: these connections are idle
            for conn in self.pending_conns:
                conn.timeout = 0
        super().murder_pending()

    def _reject(self, conn: TConn, buffer: RequestBuffer, status: int) -> None:
        self._untrack(conn)
        conn.sock.wants_html = buffer.wants_html
        self.nr_conns -= 1
        with suppress(OSError):  # the client has disconnected
            write_error(conn.sock, status, "", "")
        conn.close(graceful=True)

    def _drop(self, conn: TConn) -> None:
        self._untrack(conn)
        self.nr_conns -= 1
        conn.close()

    def _untrack(self, conn: TConn) -> None:
        buffer = self._partial.pop(conn, None)
        if buffer:
            self._buffered -= buffer.accounted
        if buffer or self._sending.pop(conn, None):
            self.poller.unregister(conn.sock)

    def _close(self, sock: socket.socket, graceful: bool = False) -> None:
        """Replaces the connection's own. Closing with unread bytes would reset the connection and lose the response."""
        if graceful:
            with suppress(OSError):  # the client has disconnected
                sock.shutdown(socket.SHUT_WR)
                self._closing[sock] = monotonic() + LINGER_SECONDS
                return
        sock.close()


def _peer_has_closed(sock: socket.socket) -> bool:
    """Discards what has been received meanwhile."""
    try:
        return not sock.recv(RECV_BYTES, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
