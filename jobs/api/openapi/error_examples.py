"""An error code, and the examples of the codes: responses made by the code that makes the real ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from jobs.api.problems import error_views, handler
from jobs.api.problems.responses import problem
from jobs.faults import Fault


@dataclass(frozen=True)
class ErrorCode:
    """An error's status, when it occurs, and an `example` made by the code that responds with it."""

    status: int
    when: str
    example: Callable[[], HttpResponse]


def response_to(work: Callable[[], Any]) -> HttpResponse:
    """The response if `work` raises."""
    try:
        work()
    except Exception as error:
        response = handler.exception_handler(error, {})
        if response is None:
            raise
        return response
    raise AssertionError("no error")


def raised(error: Exception) -> Callable[[], HttpResponse]:
    def work() -> None:
        raise error

    return lambda: response_to(work)


def message(status: int) -> Callable[[], HttpResponse]:
    return lambda: problem(status, *error_views.MESSAGES[status])


def view(make: Callable[[Any], HttpResponse]) -> Callable[[], HttpResponse]:
    """For error views that do not use the request."""
    return lambda: make(None)


def fault(fault: Fault) -> Callable[[], HttpResponse]:
    return lambda: error_views.database_fault(None, fault)


def invalid(serializer: type[Any], body: dict[str, Any]) -> Callable[[], HttpResponse]:
    return lambda: response_to(lambda: serializer(data=body).is_valid(raise_exception=True))
