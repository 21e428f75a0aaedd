"""Pages are read-only: every change goes through the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from jobs.pages import errors

View = Callable[..., HttpResponse]
ALLOWED: Final = ("GET", "HEAD")


def read_only(view: View) -> View:
    """Answers other methods with the 405 page. Exempt from CSRF checks, which would answer with 403 first."""

    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ALLOWED:
            return view(request, *args, **kwargs)
        response = errors.method_not_allowed(request)
        response["Allow"] = ", ".join(ALLOWED)
        return response

    return wrapper
