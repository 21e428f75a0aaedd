"""Page or fragment: the only code that reads htmx's headers."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


@dataclass(frozen=True)
class Fragment:
    """A part of a page that can be requested alone. The root element of its template has this id."""

    id: str

    @property
    def template(self) -> str:
        return f"jobs/fragments/{self.id.replace('-', '_')}.html"


JOB_TABLE = Fragment("job-table")
STATUS_TABS = Fragment("status-tabs")
JOB_HISTORY = Fragment("job-history")
JOB_PEEK = Fragment("job-peek")
ACTIVITY = Fragment("activity")
TRASH_TABLE = Fragment("trash-table")
OPERATION = Fragment("operation")
OPERATION_LIST = Fragment("operation-list")


def is_for_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request-Type") == "partial"


def render_page_or_fragment(
    request: HttpRequest,
    template: str,
    fragment: Fragment,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """The fragment if htmx replaces one element, otherwise the whole page, which is `template`.

    HX-Request alone does not distinguish them: htmx also sends it when it requests a whole page for Back.
    """
    chosen = fragment.template if is_for_fragment(request) else template
    response = render(request, chosen, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    # Back must show changes that others have made: with no-cache, browsers restore the page as it was.
    response["Cache-Control"] = "no-store"
    return response
