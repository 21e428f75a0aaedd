"""URL roots: pages at /, the JSON API at /api/, its reference at /api/docs/, the tools for agents at /mcp/."""

from django.urls import include, path

from jobs.access.permissions import Permission, needs
from jobs.mcp.views import McpView
from jobs.reference.views import reference

urlpatterns = [
    path("api/docs/", needs(reference, GET=Permission.READ), name="reference"),
    path("api/", include("jobs.api.urls")),
    path("", include("jobs.pages.urls")),
    path(
        "mcp/",
        needs(
            McpView.as_view(), GET=Permission.TOOLS, POST=Permission.TOOLS, DELETE=Permission.TOOLS
        ),
        name="mcp",
    ),
]

handler400 = "project.errors.bad_request"
handler404 = "project.errors.not_found"
handler500 = "project.errors.server_error"
