"""The API's documentation as a page: the schema, rendered by the server, without scripts and from nowhere else."""

from functools import lru_cache
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt

from jobs.api import errors
from jobs.api.document import document
from jobs.api.mistake_codes import MISTAKES
from jobs.reference.calls import groups, refusals_of
from jobs.reference.text import inline

ALLOWED: Final = "GET, HEAD, OPTIONS"


@csrf_exempt
def reference(request: HttpRequest) -> HttpResponse:
    """A page below /api/: what it does not do, it says like every call there."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204, headers={"Allow": ALLOWED})
        del response["Content-Type"]
        return response
    if request.method not in ("GET", "HEAD"):
        response = errors.problem(405, *errors.MESSAGES[405])
        response["Allow"] = ALLOWED
        return response
    content = _content(request.build_absolute_uri("/").rstrip("/"))
    return render(request, "reference/reference.html", {"content": content})


@lru_cache(maxsize=8)
def _content(site: str) -> SafeString:
    """Rendered once for each name that this site goes by: the schema does not change under the process."""
    schema = document()
    return render_to_string(
        "reference/content.html",
        {
            "site": site,
            "info": schema["info"],
            "groups": groups(schema),
            "refusals": list(refusals_of(schema)),
            "mistakes": {code: inline(meaning) for code, meaning in MISTAKES.items()},
        },
    )
