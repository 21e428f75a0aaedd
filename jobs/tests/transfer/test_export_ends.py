"""A truncated export never looks complete, whatever ends it; a receipt verifies a complete one."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from jobs.tests.conftest import Api
from jobs.tests.factories import database_rows, fill, make_job
from jobs.tests.problems import problem_of
from jobs.tests.served import Server, problem_in, read_all, read_head, served, was_reset
from jobs.tests.transfer.files import export
from jobs.tests.waiting import eventually
from jobs.transfer.receipts import PURGE_LIMIT

MANY = 30_000
VERSIONS = ["1.0", "1.1"]
SHORT_LIMITS = {"EXPORT_SECONDS": "4", "TRANSFER_STALL_SECONDS": "2"}


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path) as server:
        yield server


def begun_export(
    server: Server, version: str = "1.1", form: str = "csv"
) -> tuple[socket.socket, bytes]:
    """Starts an export larger than all buffers, and reads its beginning."""
    fill(MANY, name="Sweep" * 50)
    client = server.send(f"GET /api/jobs/export/?format={form} HTTP/{version}")
    return client, read_head(client)


def workers(server: Server) -> list[int]:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


def kill_worker(server: Server) -> None:
    [worker] = workers(server)
    os.kill(worker, signal.SIGKILL)


def stop_worker(server: Server) -> None:
    """As a rolling restart does: after its grace period, the worker is killed."""
    server.process.send_signal(signal.SIGHUP)


def stop_server(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)


def end_backend(server: Server) -> None:
    database_rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE '%COPY%' AND pid <> pg_backend_pid()"
    )


def run_out_of_time(server: Server) -> None:
    """The client reads nothing until the stall timeout."""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "end", [kill_worker, stop_worker, stop_server, end_backend, run_out_of_time]
)
def test_every_premature_end_resets_the_connection(
    transactional_db: None, tmp_path: Path, version: str, end: Any
) -> None:
    receipts = "SELECT id FROM export_receipt"
    before = database_rows(receipts)
    # A worker that is stopped while an export blocks it is killed only after the worker timeout.
    limits = "--graceful-timeout 1" + (" --timeout 5" if end is stop_worker else "")
    with served(tmp_path, GUNICORN_CMD_ARGS=limits, **SHORT_LIMITS) as server:
        client, _ = begun_export(server, version)
        [worker] = workers(server)
        with client:
            end(server)
            if end in (stop_worker, stop_server):
                with suppress(OSError):  # the server has exited with all its workers
                    eventually(lambda: worker not in workers(server))
            eventually(lambda: was_reset(client))
            with pytest.raises(ConnectionResetError):
                read_all(client)
    assert database_rows(receipts) == before


@pytest.mark.parametrize("version", VERSIONS)
def test_a_complete_export_ends_cleanly_and_has_a_receipt(server: Server, version: str) -> None:
    client, start = begun_export(server, version, "ndjson")
    [export_id] = re.findall(rb"(?i)^export-id: (\S+)\r$", start, re.M)
    path = f"/api/jobs/export/{export_id.decode()}/"
    assert problem_in(server.get(path))["code"] == "receipt_not_found"
    with client:
        if version == "1.1":
            client.sendall(
                b"GET /api/health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
        answer = start + read_all(client)
    _, _, body = answer.partition(b"\r\n\r\n")
    if version == "1.1":  # the connection was reused
        chunks, _, rest = body.partition(b"\r\n0\r\n\r\n")
        assert b" 200 OK" in rest
        body = b"".join(line + b"\n" for line in chunks.split(b"\n") if line.startswith(b'{"id"'))
    receipt = problem_in(server.get(path))
    assert receipt.pop("finished_at").endswith("Z")
    assert receipt == {
        "id": export_id.decode(),
        "jobs": MANY,
        "bytes": len(body),
        "sha256": sha256(body).hexdigest(),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "format=csv", "format=csv&bom=yes&separator=tab", "q=nobody", "q=nobody&format=csv"])  # fmt: skip
def test_the_receipt_matches_the_file(api: Api, query: str) -> None:
    for name in ("Wing", "two\nlines", 'a;"=1'):
        make_job(name)
    response = api.call("GET", f"/api/jobs/export/?{query}")
    body = b"".join(response.streaming_content)
    receipt = api.get(f"/api/jobs/export/{response['Export-Id']}/")
    assert receipt["jobs"] == (0 if "nobody" in query else 3)
    assert (receipt["bytes"], receipt["sha256"]) == (len(body), sha256(body).hexdigest())


@pytest.mark.django_db(transaction=True)
def test_the_receipt_exists_once_the_last_part_is_received(api: Api) -> None:
    [*_, oldest] = reversed(fill(3_000))
    response = api.call("GET", "/api/jobs/export/")
    parts, received = iter(response.streaming_content), b""
    while b'"id":%d,' % oldest not in received:
        received += next(parts)
    assert api.get(f"/api/jobs/export/{response['Export-Id']}/")["bytes"] == len(received)
    assert next(parts, None) is None


@pytest.mark.django_db(transaction=True)
def test_aborted_and_unknown_exports_have_no_receipt(api: Api) -> None:
    fill(20_000)
    response = api.call("GET", "/api/jobs/export/")
    assert next(iter(response.streaming_content))
    response.close()
    for export_id in (response["Export-Id"], uuid4()):
        problem = problem_of(api.call("GET", f"/api/jobs/export/{export_id}/"), 404)
        assert problem["code"] == "receipt_not_found"
    assert problem_of(api.call("GET", "/api/jobs/export/1/"), 404)["code"] == "not_found"


@pytest.mark.django_db
def test_a_head_request_exports_nothing(api: Api) -> None:
    assert "Export-Id" not in api.call("HEAD", "/api/jobs/export/")


@pytest.mark.django_db
def test_receipts_expire_after_a_day(api: Api) -> None:
    response = api.call("GET", "/api/jobs/export/")
    b"".join(response.streaming_content)
    database_rows("UPDATE export_receipt SET expires_at = now() - interval '1 second'")
    path = f"/api/jobs/export/{response['Export-Id']}/"
    assert problem_of(api.call("GET", path), 404)["code"] == "receipt_not_found"
    database_rows(
        "INSERT INTO export_receipt (id, jobs, bytes, sha256, expires_at)"
        f" SELECT gen_random_uuid(), 0, 0, '', now() - interval '1 day' FROM generate_series(1, {PURGE_LIMIT})"
    )
    export(api)
    assert database_rows("SELECT count(*) FROM export_receipt") == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_a_read_only_database_still_exports(api: Api) -> None:
    make_job("Wing")
    try:
        database_rows("SET default_transaction_read_only TO on")
        response = api.call("GET", "/api/jobs/export/?format=csv")
        assert b'"Wing"' in b"".join(response.streaming_content)
    finally:
        database_rows("SET default_transaction_read_only TO off")
    path = f"/api/jobs/export/{response['Export-Id']}/"
    assert problem_of(api.call("GET", path), 404)["code"] == "receipt_not_found"
