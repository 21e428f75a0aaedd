"""Every URL, with an example for each of its parameters, from the URL configuration."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PURGE")
EXAMPLES: Final = {
    "job_id": "1",
    "job_key": "run-17",
    "uuid": "4b7b1b0e-6a3c-4f6e-9a53-1f0a4b4c9d11",
}
REACHED: Final = 299


class Endpoint(NamedTuple):
    route: str
    """As in the table of docs/security.md."""
    path: str
    view: Callable[..., Any]


def endpoints(urlconf: str) -> list[Endpoint]:
    return list(_below(get_resolver(urlconf), ""))


def _below(resolver: URLResolver, prefix: str) -> Iterator[Endpoint]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _below(each, route)
        else:
            yield _endpoint(each, route)


def _endpoint(pattern: URLPattern, route: str) -> Endpoint:
    path = re.sub(r"<(\w+):\w+>", lambda found: EXAMPLES[found[1]], route)
    if not hasattr(pattern.pattern, "_route"):  # the regular expression for what is left
        route, path = f"{route}…", f"{route}nothing/"
    return Endpoint("/" + re.sub(r"<\w+:(\w+)>", r"<\1>", route), "/" + path, pattern.callback)


class Reached:
    """The last middleware: answers instead of every view that the guard lets a request reach."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *others: Any) -> HttpResponse:
        return HttpResponse(status=REACHED)
