"""What Django answers when no view did: problem documents below /api/, pages elsewhere."""

import sys
from collections.abc import Callable
from typing import Protocol, cast

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from jobs.api import errors as api
from jobs.budget import is_over_budget
from jobs.pages import errors as pages

Answer = Callable[[HttpRequest], HttpResponse]


class Door(Protocol):
    """The failures that each door knows how to say in its own language."""

    bad_request: Answer
    not_found: Answer
    server_error: Answer
    over_budget: Answer
    database_unavailable: Answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _door(request).bad_request(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _door(request).not_found(request)


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if is_over_budget(error):
        return _door(request).over_budget(request)
    if isinstance(error, OperationalError | InterfaceError):
        return _door(request).database_unavailable(request)
    return _door(request).server_error(request)


def _door(request: HttpRequest) -> Door:
    return cast(Door, api if request.path.startswith("/api/") else pages)
