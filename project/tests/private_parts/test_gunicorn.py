"""What project/server/worker.py, project/server/connection.py and jobs/api/http/internals.py assume of gunicorn."""

import os
import socket
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from gunicorn import util
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.workers.gthread import TConn, ThreadWorker

REQUEST = b"POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
ADDRESS = ("127.0.0.1", 1)


@pytest.fixture
def worker() -> Iterator[Any]:
    """One that has not started. Its poller, thread pool and queue only record what they are asked to do."""
    worker = ThreadWorker(1, os.getpid(), [], None, 30, Config(), Mock())
    worker.poller, worker.tpool, worker.method_queue = Mock(), Mock(), Mock()
    yield worker
    worker.tmp.close()


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    server, client = socket.socketpair()
    with server, client:
        yield server, client


@pytest.fixture
def conn(worker: Any, ends: tuple[socket.socket, socket.socket]) -> Any:
    """An initialized connection. Its parser has a request, without the body."""
    conn = TConn(worker.cfg, ends[0], ADDRESS, ADDRESS)
    conn.init()
    conn.parser.unreader.unread(REQUEST)
    return conn


def test_worker_asks_for_its_thread_pool(worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gunicorn.workers.base.Worker.init_process", Mock())
    monkeypatch.setattr(worker, "get_thread_pool", lambda: "the pool")
    worker.init_process()
    assert worker.tpool == "the pool"


def test_request_runs_in_the_pool_and_is_finished_in_the_main_thread(
    worker: Any, conn: Any
) -> None:
    worker.tpool.submit.return_value = done = Future[bool]()
    worker.enqueue_req(conn)
    worker.tpool.submit.assert_called_once_with(worker.handle, conn)
    done.set_result(True)
    worker.method_queue.defer.assert_called_once_with(worker.finish_request, conn, done)


def test_accepted_connection_is_counted_and_enqueued(worker: Any) -> None:
    worker.enqueue_req = Mock()
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        worker.accept(listener)
        [conn] = worker.enqueue_req.call_args[0]
        assert (worker.nr_conns, conn.initialized, conn.data_ready) == (1, False, False)
        conn.sock.close()


def test_readable_pending_connection_is_enqueued(worker: Any, conn: Any) -> None:
    worker.enqueue_req = Mock()
    worker.pending_conns.append(conn)
    worker.on_pending_socket_readable(conn, conn.sock)
    worker.poller.unregister.assert_called_once_with(conn.sock)
    worker.enqueue_req.assert_called_once_with(conn)
    assert worker.pending_conns == deque()


def test_expired_pending_connection_is_closed(worker: Any, conn: Any) -> None:
    worker.nr_conns, conn.timeout, conn.close = 1, 0, Mock()
    worker.pending_conns.append(conn)
    worker.murder_pending()
    worker.poller.unregister.assert_called_once_with(conn.sock)
    conn.close.assert_called_once_with()
    assert (worker.nr_conns, worker.pending_conns) == (0, deque())


def test_handled_request_has_the_attributes_that_are_checked(worker: Any, conn: Any) -> None:
    worker.handle_request, conn.data_ready = Mock(return_value=False), True
    worker.handle(conn)
    request, handled = worker.handle_request.call_args[0]
    assert handled is conn
    assert (request.method, request.uri, request.version) == ("POST", "/a?b", (1, 1))
    assert ("HOST", "x") in request.headers
    assert not request.should_close()
    request.must_close = True
    assert request.should_close()


def test_finished_connection_is_kept_or_closed(worker: Any, conn: Any) -> None:
    conn.close, worker.nr_conns = Mock(), 1
    worker.finish_request(conn, Mock(**{"result.return_value": False, "cancelled.return_value": 0}))
    conn.close.assert_called_once_with(graceful=True)
    assert worker.nr_conns == 0
    conn.parser.unreader.take_buffered()
    worker.finish_request(conn, Mock(**{"result.return_value": True, "cancelled.return_value": 0}))
    assert worker.keepalived_conns == deque([conn])
    assert conn.timeout is not None


def test_main_loop_waits_for_events_until_the_worker_exits(worker: Any) -> None:
    waits: list[float] = []

    def wait(timeout: float) -> None:
        waits.append(timeout)
        worker.handle_exit(15, None)

    worker.wait_for_and_dispatch_events, worker.murder_pending = wait, Mock()
    worker.notify, worker.is_parent_alive = Mock(), Mock(return_value=True)
    worker.run()
    assert len(waits) == 1
    assert worker.murder_pending.called
    assert not worker.alive
    worker.tpool.shutdown.assert_called_once_with(wait=False)


def test_parser_reads_the_connections_socket_with_recv_alone(worker: Any) -> None:
    received = [b"who", b""]
    own = SimpleNamespace(recv=lambda size: received.pop(0), setblocking=lambda is_blocking: None)
    conn: Any = TConn(worker.cfg, own, ADDRESS, ADDRESS)
    conn.init()
    conn.parser.unreader.unread(REQUEST)
    request = next(conn.parser)
    assert request.body.read() == b"who"  # then the end, as from project.server.connection
    assert conn.parser.unreader.take_buffered() == b""


def test_response_is_written_with_sendall_alone(conn: Any) -> None:
    sent: list[bytes] = []
    response, _ = wsgi.create(
        next(conn.parser), SimpleNamespace(sendall=sent.append), ADDRESS, ADDRESS, conn.cfg
    )
    response.start_response("200 OK", [("Content-Length", "2")])
    response.write(b"ok")
    response.close()
    assert b"".join(sent).endswith(b"\r\n\r\nok")


def test_request_has_the_clients_socket_and_decoded_chunks(conn: Any) -> None:
    _, environ = wsgi.create(next(conn.parser), conn.sock, ADDRESS, ADDRESS, conn.cfg)
    assert environ["gunicorn.socket"] is conn.sock
    assert environ["wsgi.input_terminated"]


def test_errors_are_written_by_one_function(
    worker: Any, conn: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(util, "write_error", write := Mock())
    worker.handle_error(None, conn.sock, ADDRESS, InvalidRequestLine("x"))
    worker.handle_error(None, conn.sock, ADDRESS, LimitRequestLine(9, 8))
    assert [call.args[:2] for call in write.call_args_list] == [(conn.sock, 400), (conn.sock, 414)]
    assert all(len(call.args) == 4 and not call.kwargs for call in write.call_args_list)


def test_errors_are_sent_without_waiting(ends: tuple[socket.socket, socket.socket]) -> None:
    server, client = ends
    util.write_nonblock(server, b"an error")
    assert client.recv(99) == b"an error"
    assert server.gettimeout() is None


def test_quit_handler_takes_a_signal_and_a_frame(
    worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gunicorn.workers.base.Worker.handle_quit", Mock())
    worker.handle_quit(3, None)
    worker.tpool.shutdown.assert_called_once_with(wait=False)
