"""Page or fragment: the one place that looks at htmx's headers."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


@dataclass(frozen=True)
class Fragment:
    """A part of a page that can be answered alone: its template's root has this id."""

    id: str

    @property
    def template(self) -> str:
        return f"jobs/fragments/{self.id.replace('-', '_')}.html"


JOB_TABLE = Fragment("job-table")
STATUS_TABS = Fragment("status-tabs")
JOB_HISTORY = Fragment("job-history")
ACTIVITY = Fragment("activity")


def render_page_or_fragment(
    request: HttpRequest,
    page: str,
    fragment: Fragment,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """The fragment where htmx replaces one element, else the whole page.

    HX-Request alone does not tell: htmx sends it too when Back asks for a page.
    """
    partial = request.headers.get("HX-Request-Type") == "partial"
    response = render(request, fragment.template if partial else page, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    # Another's change must show after Back: with no-cache, browsers go back to the page as they had it.
    response["Cache-Control"] = "no-store"
    return response
