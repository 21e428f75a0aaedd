"""Others at work meanwhile: a reader of the change feed, and a client that creates jobs and changes them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread
from typing import Any, Final, NamedTuple

from jobs.fault_tests.client import Api
from jobs.feed_cursor import Cursor
from jobs.tests.waiting import eventually

PAGE: Final = 1_000
PAUSE_SECONDS: Final = 0.2
VISITOR: Final = "Visitor"


class Seen(NamedTuple):
    """An event as the reader got it."""

    turn: int
    number: int
    type: str
    job: int
    operation: int | None
    status: str


class Loop(Thread):
    """Repeats `step` until it is stopped; a failure is raised where it is joined."""

    def __init__(self, api: Api) -> None:
        super().__init__(daemon=True)
        self.api = api
        self.ending = Event()
        self.failure: BaseException | None = None

    def step(self) -> None:
        raise NotImplementedError

    def run(self) -> None:
        try:
            while not self.ending.is_set():
                self.step()
        except BaseException as error:  # raised by the test
            self.failure = error

    def end(self) -> None:
        self.ending.set()
        self.join()
        if self.failure:
            raise self.failure


class Reader(Loop):
    """Follows the feed as the guide tells clients to: it continues after the last page that it has got wholly."""

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        self.cursor = self.begin = api.get("/api/events/").headers["Feed-Cursor"]
        self.events: list[Seen] = []
        self.known = 0

    def step(self) -> None:
        answer = self.api.get(f"/api/events/?after={self.cursor}&limit={PAGE}&wait=1")
        assert answer.status == 200, answer.text
        self.events += map(_seen, map(json.loads, answer.text.splitlines()))
        self.cursor = answer.headers["Feed-Cursor"]

    def until(self, cursor: str) -> list[Seen]:
        """All events up to this cursor, once they have been read."""
        end = Cursor.parse(cursor).position
        eventually(lambda: self.failure or Cursor.parse(self.cursor).position >= end)
        return [event for event in self.events if (event.turn, event.number) <= end]

    def news(self) -> list[Seen]:
        """All events that have happened since the last call."""
        known = self.until(self.api.get("/api/events/").headers["Feed-Cursor"])
        begin, self.known = self.known, len(known)
        return known[begin:]


class Visitor(Loop):
    """Creates jobs one after the other, and sets each to running."""

    numbers = count()

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        self.created: list[tuple[int, str]] = []

    def step(self) -> None:
        name = f"{VISITOR} {next(self.numbers)}"
        created = self.api.send("POST", "/api/jobs/", {"name": name})
        assert created.status == 201, created.text
        job = created.content["id"]
        changed = self.api.send("PATCH", f"/api/jobs/{job}/", {"status_type": "RUNNING"})
        assert changed.status == 200, changed.text
        self.created.append((job, name))
        self.ending.wait(PAUSE_SECONDS)


def _seen(event: dict[str, Any]) -> Seen:
    cursor = Cursor.parse(event["id"])
    operation = event.get("operation_id")
    return Seen(
        cursor.turn, cursor.id, event["type"], event["job_id"], operation, event["status_type"]
    )


@contextmanager
def running(*loops: Loop) -> Iterator[None]:
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.ending.set()
    for loop in loops:
        loop.end()
