"""The API documentation as a page: the OpenAPI schema rendered by the server, without scripts or external resources."""

from functools import lru_cache
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt

from jobs.api.document import openapi_document
from jobs.api.problems import handler
from jobs.api.problems.field_codes import FIELD_CODES
from jobs.reference.operations import error_responses, groups
from jobs.reference.text import inline

ALLOWED: Final = ("GET", "HEAD", "OPTIONS")


@csrf_exempt
def reference(request: HttpRequest) -> HttpResponse:
    """The page at /api/docs/. Like the API, it answers OPTIONS, and other methods with a problem document."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204, headers={"Allow": ", ".join(ALLOWED)})
        del response["Content-Type"]
        return response
    if request.method not in ("GET", "HEAD"):
        return handler.method_not_allowed(str(request.method), ALLOWED)
    content = _content(request.build_absolute_uri("/").rstrip("/"))
    return render(request, "reference/reference.html", {"content": content})


@lru_cache(maxsize=8)
def _content(site: str) -> SafeString:
    """Cached per site URL: the schema does not change while the process runs."""
    schema = openapi_document()
    return render_to_string(
        "reference/content.html",
        {
            "site": site,
            "info": schema["info"],
            "groups": groups(schema),
            "errors": list(error_responses(schema)),
            "field_codes": {code: inline(meaning) for code, meaning in FIELD_CODES.items()},
        },
    )
