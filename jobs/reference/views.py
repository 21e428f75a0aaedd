"""The API's documentation as a page: the schema, rendered by the server, without scripts and from nowhere else."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from jobs.api.codes import MISTAKES
from jobs.api.document import document
from jobs.reference.calls import groups, refusals_of
from jobs.reference.text import inline


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
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
