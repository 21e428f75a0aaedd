"""A browser tab that shows the list and asks what has changed, as islands/src/live does."""

import re
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic

TIMEOUT_SECONDS = 30
ROW = re.compile(
    r'<tr id="job-(\d+)".*?class="created_at".*?datetime="([^"]+)".*?class="updated_at".*?datetime="([^"]+)"',
    re.S,
)


@dataclass(frozen=True)
class Opened:
    """What a tab knows when it has opened a list: where to ask, and the entity tag of what it shows."""

    path: str
    tag: str


def opened(host: str, port: int, query: str) -> Opened:
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    connection.request("GET", f"/?{query}")
    rows = ROW.findall(connection.getresponse().read().decode())
    connection.close()
    ids = ",".join(job_id for job_id, _, _ in rows)
    versions = ".".join(re.sub(r"\D", "", updated[14:]) for _, _, updated in rows)
    beyond = "end"
    if rows:
        job_id, created, updated = rows[-1]
        beyond = f"{updated if 'updated_at' in query else created},{job_id}"
    return Opened(f"/live/?ids={ids}&beyond={beyond}&{query}", f'"{versions};"')


class Tab:
    """One kept connection. `interval` is what it would wait if the server did not ask for more."""

    def __init__(self, host: str, port: int, opened: Opened, interval: float) -> None:
        self._connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        self._opened = opened
        self._interval = interval

    def ask(self) -> tuple[int, float, float]:
        """The answer's status (0 for none), how long it took, and after how many seconds to ask again."""
        began = monotonic()
        try:
            status, least = self._ask()
        except (OSError, HTTPException):
            self._connection.close()
            status, least = 0, 0.0
        took = monotonic() - began
        return status, took, max(self._interval, least, 10 * took)

    def close(self) -> None:
        self._connection.close()

    def _ask(self) -> tuple[int, float]:
        try:
            response = self._response()
        except (ConnectionError, HTTPException):  # the server has closed a connection kept too long
            self._connection.close()
            response = self._response()
        response.read()
        self._opened = replace(self._opened, tag=response.getheader("ETag", self._opened.tag))
        return response.status, float(response.getheader("Poll-After", "0"))

    def _response(self) -> HTTPResponse:
        headers = {"If-None-Match": self._opened.tag}
        self._connection.request("GET", self._opened.path, headers=headers)
        return self._connection.getresponse()
