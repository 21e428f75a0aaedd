"""A browser tab that shows the list and polls for changes, as islands/src/live does."""

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
class OpenList:
    """The state of a tab after it has opened a list: the URL to poll, and the entity tag of the rows it shows."""

    path: str
    tag: str


def open_list(host: str, port: int, query: str) -> OpenList:
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
    return OpenList(f"/live/?ids={ids}&beyond={beyond}&{query}", f'"{versions};"')


class Tab:
    """A tab with one persistent connection. `interval` is its delay between polls unless the server demands more."""

    def __init__(self, host: str, port: int, state: OpenList, interval: float) -> None:
        self._connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        self._state = state
        self._interval = interval

    def poll(self) -> tuple[int, float, float]:
        """The response's status (0 for none), its duration, and the seconds until the next poll."""
        began = monotonic()
        try:
            status, minimum = self._poll()
        except (OSError, HTTPException):
            self._connection.close()
            status, minimum = 0, 0.0
        took = monotonic() - began
        return status, took, max(self._interval, minimum, 10 * took)

    def close(self) -> None:
        self._connection.close()

    def _poll(self) -> tuple[int, float]:
        try:
            response = self._response()
        except (ConnectionError, HTTPException):  # the server has closed the idle connection
            self._connection.close()
            response = self._response()
        response.read()
        self._state = replace(self._state, tag=response.getheader("ETag", self._state.tag))
        return response.status, float(response.getheader("Poll-After", "0"))

    def _response(self) -> HTTPResponse:
        headers = {"If-None-Match": self._state.tag}
        self._connection.request("GET", self._state.path, headers=headers)
        return self._connection.getresponse()
