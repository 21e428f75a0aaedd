"""Two releases that serve the same database, and clients for them."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

from jobs.tests.served import Server

SECRET = {"SECRET_KEY": "one-key-for-both-releases-0123456789-0123456789-0123456789"}
# Ignores a configured proxy.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Response(NamedTuple):
    status: int
    headers: Any
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Release:
    """A client of a server that runs one release."""

    def __init__(self, server: Server) -> None:
        self.address = f"http://127.0.0.1:{server.port}"
        self.log = server.log

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
        request = urllib.request.Request(  # noqa: S310  # the address is ours
            self.address + path, body, headers, method=method
        )
        try:
            with OPENER.open(request, timeout=60) as response:
                return Response(response.status, response.headers, response.read().decode())
        except urllib.error.HTTPError as error:
            return Response(error.code, error.headers, error.read().decode())

    def get(self, path: str) -> Any:
        response = self.call("GET", path)
        assert response.status == 200, (response, self.log.read_text())
        return response.json

    def create(self, name: str) -> Any:
        response = self.call("POST", "/api/jobs/", {"name": name})
        assert response.status == 201, (response, self.log.read_text())
        return response.json

    def change(self, job: Any, **changes: str) -> Any:
        response = self.call("PATCH", f"/api/jobs/{job['id']}/", changes)
        assert response.status == 200, (response, self.log.read_text())
        return response.json

    def events(self, after: str) -> tuple[list[Any], str]:
        response = self.call("GET", f"/api/events/?after={after}&limit=7")
        assert response.status == 200, (response, self.log.read_text())
        return [json.loads(line) for line in response.body.splitlines()], response.headers[
            "Feed-Cursor"
        ]


class ReleasePair(NamedTuple):
    previous: Release
    current: Release


def command(code: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=code,
        env={**os.environ, **SECRET, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
