"""Pages only read: every change goes through the JSON door."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from jobs.pages import errors

View = Callable[..., HttpResponse]
SAFE: Final = ("GET", "HEAD")


def only_read(view: View) -> View:
    """Anything else is refused in words; by any site alike, so that no token is looked for."""

    @csrf_exempt
    @wraps(view)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in SAFE:
            return view(request, *args, **kwargs)
        response = errors.method_not_allowed(request)
        response["Allow"] = ", ".join(SAFE)
        return response

    return read
