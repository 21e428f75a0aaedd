"""Clients that send each change once and note its response, and one that looks at a page meanwhile."""

import json
import re
from collections import Counter
from http.client import HTTPException
from itertools import count
from time import monotonic
from typing import Any, Final, NamedTuple
from uuid import uuid4

from jobs.fault_tests.client import Answer, Api
from jobs.fault_tests.traffic import Loop

PREFIX: Final = "Writer"
BULK: Final = 10
PAUSE_SECONDS: Final = 0.02
HEADING: Final = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


class Sent(NamedTuple):
    """A request that creates `jobs` jobs, whose names begin with `name`. `outcome`: the status, an error's code, or "no response"."""

    name: str
    jobs: int
    key: str
    outcome: str
    at: float

    @property
    def is_answered(self) -> bool:
        return self.outcome in {"201", "200"}

    @property
    def is_unknown(self) -> bool:
        """It may have been carried out; all other errors say that it was not."""
        return self.outcome in {"no response", "outcome_unknown"}


class Writer(Loop):
    """Creates a job, ten jobs by one request, a job…"""

    numbers: Final = count()

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        self.sent: list[Sent] = []

    def step(self) -> None:
        number = next(self.numbers)
        name, jobs, key = f"{PREFIX} {number}.", BULK if number % 2 else 1, f'"{uuid4()}"'
        try:
            answer = request(self.api, name, jobs, key)
            outcome = str(answer.status) if answer.status < 500 else answer.content["code"]
        except (OSError, HTTPException, ValueError):  # or the response of a proxy
            outcome = "no response"
        self.sent.append(Sent(name, jobs, key, outcome, monotonic()))
        self.ending.wait(PAUSE_SECONDS)


def request(api: Api, name: str, jobs: int, key: str) -> Answer:
    body: Any = {"name": name}
    if jobs > 1:
        body = {"jobs": [{"name": f"{name}{number}"} for number in range(jobs)]}
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    return api.once("POST", f"/api/jobs/{'bulk/' if jobs > 1 else ''}", json.dumps(body), headers)


class Visitor(Loop):
    """Looks at the list. `seen`: the headings of its errors, how often each."""

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        self.seen: Counter[str] = Counter()

    def step(self) -> None:
        try:
            answer = self.api.once("GET", "/", None, {"Accept": "text/html"})
        except (OSError, HTTPException):
            self.seen["no response"] += 1
        else:
            if answer.status != 200:
                found = HEADING.search(answer.text.decode())
                assert found, f"{answer.status} without a heading: {answer.text[:500]!r}"
                self.seen[found[1]] += 1
        self.ending.wait(PAUSE_SECONDS)
