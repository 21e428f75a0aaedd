"""The large things, one after the other while the rest goes on: an export of the whole list, an import, an operation."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic, sleep
from typing import Any, Final
from urllib.parse import urlsplit

TIMEOUT_SECONDS: Final = 600
PIECE: Final = 1 << 20
JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
IMPORTED: Final = 10_000
NAME: Final = "Load import"
PAUSE_SECONDS: Final = 60.0


class Wrong(Exception):
    """What was wrong, in words."""


@dataclass
class Transfers:
    """By name, how long each took in seconds; what went wrong, in words; how much the last of each was."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def run(address: str, until: float) -> Transfers:
    """In turn until this time by monotonic(), each at least once. What is begun is finished."""
    found = Transfers()
    while True:
        for name, work in KINDS.items():
            began = monotonic()
            try:
                found.amounts[name] = work(address)
            except (OSError, HTTPException, Wrong) as error:
                found.errors.append(f"{name}: {error!r}")
            found.seconds.setdefault(name, []).append(monotonic() - began)
            sleep(max(0.0, min(PAUSE_SECONDS, until - monotonic())))
        if monotonic() > until:
            return found


def _export(address: str) -> int:
    """All jobs: as many as there were at some moment while it began. An export that fails ends without its last chunk."""
    before = _jobs(address)
    number = 0
    with _answer(address, "GET", "/api/jobs/export/?format=ndjson", None, 200) as response:
        while piece := response.read(PIECE):
            number += piece.count(b"\n")
    after = _jobs(address)
    if abs(number - before) > abs(after - before) + IMPORTED:
        raise Wrong(f"{number:,} jobs, where there were {before:,} and then {after:,}")
    return number


def _import(address: str) -> int:
    lines = b"".join(b'{"name": "%b %d"}\n' % (NAME.encode(), n) for n in range(IMPORTED))
    created = int(_json(address, "POST", "/api/jobs/import/", lines, 201, NDJSON)["created"])
    if created != IMPORTED:
        raise Wrong(f"{created:,} of {IMPORTED:,} jobs")
    return created


def _operation(address: str) -> int:
    """Sets the status of all jobs that were imported, and deletes them."""
    status = {"action": "set_status", "status_type": "COMPLETED", "q": f'"{NAME}"'}
    changed = _ended(address, status)
    if changed < IMPORTED:
        raise Wrong(f"{changed:,} of {IMPORTED:,} jobs")
    return changed + _ended(address, {"action": "delete", "q": f'"{NAME}"'})


def _ended(address: str, change: dict[str, Any]) -> int:
    """How many jobs the operation has changed."""
    body = json.dumps(change).encode()
    operation = _json(address, "POST", "/api/operations/", body, 202)
    deadline = monotonic() + TIMEOUT_SECONDS
    while operation["state"] in {"pending", "running"}:
        if monotonic() > deadline:
            raise Wrong(f"operation {operation['id']} has not ended")
        sleep(0.5)
        operation = _json(address, "GET", f"/api/operations/{operation['id']}/", None, 200)
    if operation["state"] != "completed" or operation["failed"]:
        raise Wrong(
            f"operation {operation['id']}: {operation['state']}, {operation['failed']} failed"
        )
    return int(operation["done"])


def _jobs(address: str) -> int:
    return int(_json(address, "GET", "/api/jobs/counts/", None, 200)["total"])


def _json(
    address: str, method: str, path: str, body: bytes | None, expected: int, kind: str = JSON
) -> Any:
    with _answer(address, method, path, body, expected, kind) as response:
        return json.load(response)


@contextmanager
def _answer(
    address: str, method: str, path: str, body: bytes | None, expected: int, kind: str = JSON
) -> Iterator[HTTPResponse]:
    """`kind` is the media type of the body. Raises Wrong for another status than the expected one."""
    url = urlsplit(address)
    with closing(HTTPConnection(url.hostname or "", url.port, timeout=TIMEOUT_SECONDS)) as server:
        server.request(method, path, body, {"Content-Type": kind} if body else {})
        with server.getresponse() as response:
            if response.status != expected:
                raise Wrong(f"{method} {path}: {response.status} {response.read()[:300]!r}")
            yield response


KINDS: Final[dict[str, Callable[[str], int]]] = {
    "export": _export,
    "import": _import,
    "operation": _operation,
}
"""Each returns the number of jobs, and raises Wrong."""
