"""What the clients do, and how often: a team's busy day in half an hour."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlencode

FRAGMENT: Final = {"HX-Request": "true", "HX-Request-Type": "partial"}
STATUSES: Final = ("PENDING", "RUNNING", "COMPLETED", "FAILED")
# Frequent, medium, rare and absent words, excluded ones, filters, and combinations of them.
SEARCHES: Final = (
    "Simulation",
    "Alps",
    "#54321",
    "Quaternion",
    "Alps OR Quaternion",
    "Simulation -Alps",
    "status:failed Alps",
    "status:running",
    "created:<1h",
    "duration:>1h",
    "label:team=load",
    "key:load-7",
)
NAME: Final = "Load probe"
BULK: Final = 20
REMEMBERED: Final = 2_000
# The oldest ones are only deleted, so that no other request is under way for a job that is.
OLDEST: Final = 100


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    expected: tuple[int, ...] = (200,)


@dataclass
class Memory:
    """What the clients remember: the ids of the jobs that they have created. Those of all jobs reach from `low` to `high`."""

    low: int
    high: int
    random: Random
    own: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    number: int = 0

    def some(self) -> int:
        """An id of any job, which may have been deleted."""
        return self.random.randint(self.low, self.high)

    def mine(self) -> int | None:
        """The id of one of the client's own jobs that is not about to be deleted."""
        number = len(self.own)
        return self.own[self.random.randrange(OLDEST, number)] if number > OLDEST else None


Build = Callable[[Memory], Request | None]
"""The next request; None if it cannot be made yet."""


def _get(path: str, *expected: int, **headers: str) -> Build:
    return lambda memory: Request("GET", path, headers=headers, expected=expected or (200,))


def _send(
    memory: Memory, method: str, path: str, content: Any, *expected: int, key: bool = False
) -> Request:
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = f'"{memory.random.getrandbits(128):032x}"'
    return Request(method, path, json.dumps(content).encode(), headers, expected or (200,))


def _search(memory: Memory) -> Request:
    query = {"q": memory.random.choice(SEARCHES)}
    if memory.random.random() < 0.3:
        query["ordering"] = memory.random.choice(["name", "-updated_at", "created_at"])
    return Request("GET", f"/api/jobs/?{urlencode(query)}")


def _page_search(memory: Memory) -> Request:
    query = urlencode({"q": memory.random.choice(SEARCHES)})
    return Request("GET", f"/?{query}", headers=FRAGMENT)


def _any(path: str, **headers: str) -> Build:
    return lambda memory: Request(
        "GET", path.format(memory.some()), headers=headers, expected=(200, 404)
    )


def _create(memory: Memory) -> Request:
    memory.number += 1
    name = f"{NAME} {memory.number} {memory.random.choice(['Alps', 'Andes', 'Simulation'])}"
    content = {"name": name, "labels": {"team": "load"}}
    return _send(memory, "POST", "/api/jobs/", content, 201, key=memory.number % 2 == 0)


def _create_by_key(memory: Memory) -> Request:
    key = quote(f"load-{memory.random.randrange(2_000)}")
    return _send(memory, "PUT", f"/api/jobs/by-key/{key}/", {"name": NAME}, 200, 201)


def _change(memory: Memory) -> Request | None:
    if (job := memory.mine()) is None:
        return None
    content = {"status_type": memory.random.choice(STATUSES), "reason": "Part of the load."}
    return _send(memory, "PATCH", f"/api/jobs/{job}/", content, key=True)


def _rename(memory: Memory) -> Request | None:
    if (job := memory.mine()) is None:
        return None
    name = {"name": f"{NAME} renamed {memory.random.random():.6f}"}
    return _send(memory, "PATCH", f"/api/jobs/{job}/", name)


def _change_many(memory: Memory) -> Request | None:
    young = [*memory.own][OLDEST:]
    if len(young) < BULK:
        return None
    status = memory.random.choice(STATUSES)
    jobs = [{"id": job, "status_type": status} for job in memory.random.sample(young, BULK)]
    return _send(memory, "PATCH", "/api/jobs/", {"jobs": jobs}, key=True)


def _delete(memory: Memory) -> Request | None:
    if len(memory.own) <= OLDEST:
        return None
    return Request("DELETE", f"/api/jobs/{memory.own.popleft()}/", expected=(204,))


PLAN: Final[dict[str, tuple[float, Build]]] = {
    "list, JSON": (3, _get("/api/jobs/")),
    "list, page": (1, _get("/")),
    "list, fragment": (2, _get("/?status=FAILED", **FRAGMENT)),
    "search, JSON": (1.5, _search),
    "search, fragment": (1, _page_search),
    "one job": (2, _any("/api/jobs/{}/")),
    "status history": (1, _any("/api/jobs/{}/statuses/")),
    "job page": (0.5, _any("/jobs/{}/")),
    "counts": (1, _get("/api/jobs/counts/")),
    "operations": (0.2, _get("/api/operations/")),
    "trash": (0.2, _get("/api/trash/")),
    "events, a page": (0.5, _get("/api/events/?after=now")),
    "health": (0.2, _get("/api/health/")),
    "create": (2, _create),
    "create by key": (0.5, _create_by_key),
    "status change": (3, _change),
    "rename": (0.3, _rename),
    "status change of 20": (0.2, _change_many),
    "delete": (0.5, _delete),
}
"""By the name of a call: how often per second, and what is sent."""
