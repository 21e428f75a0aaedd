"""Two releases that serve one database, and clients of them."""

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
# The machine's proxy is for other addresses.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Answer(NamedTuple):
    status: int
    headers: Any
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Release:
    """A client of one release's processes."""

    def __init__(self, server: Server) -> None:
        self.address = f"http://127.0.0.1:{server.port}"
        self.log = server.log

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
        request = urllib.request.Request(  # noqa: S310  # the address is ours
            self.address + path, body, headers, method=method
        )
        try:
            with OPENER.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status == 200, (answer, self.log.read_text())
        return answer.json

    def create(self, name: str) -> Any:
        answer = self.call("POST", "/api/jobs/", {"name": name})
        assert answer.status == 201, (answer, self.log.read_text())
        return answer.json

    def change(self, job: Any, **changes: str) -> Any:
        answer = self.call("PATCH", f"/api/jobs/{job['id']}/", changes)
        assert answer.status == 200, (answer, self.log.read_text())
        return answer.json

    def events(self, after: str) -> tuple[list[Any], str]:
        answer = self.call("GET", f"/api/events/?after={after}&limit=7")
        assert answer.status == 200, (answer, self.log.read_text())
        return [json.loads(line) for line in answer.body.splitlines()], answer.headers[
            "Feed-Cursor"
        ]


class Pair(NamedTuple):
    before: Release
    now: Release


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
