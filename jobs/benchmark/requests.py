"""Requests and calls as plain data, so that they can be sent to another process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse

Query = list[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """An HTTP request and the expected status of its response."""

    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    expected: int = 200


@dataclass(frozen=True)
class Call:
    """One line of the report: requests of one kind, sent in rotation.

    Each request of a `fresh` call goes to a new job; creating it is not measured.
    """

    name: str
    requests: tuple[Request, ...]
    fresh: bool = False
    served: bool = True


def get(path: str, query: Query | None = None, headers: Mapping[str, str] | None = None) -> Request:
    return Request("GET", path + (f"?{urlencode(query)}" if query else ""), headers=headers or {})


def send(method: str, path: str, content: object, expected: int = 200) -> Request:
    return Request(
        method, path, json.dumps(content), {"Content-Type": "application/json"}, expected
    )


def job_list(*query: tuple[str, str]) -> Request:
    """A page of the JSON list."""
    return get(reverse("api:jobs"), list(query))


def create(name: str) -> Request:
    return send("POST", reverse("api:jobs"), {"name": name}, 201)
