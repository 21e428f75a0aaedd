"""URL roots: pages at /, the JSON API at /api/, its reference at /api/docs/, the tools for agents at /mcp/, metrics."""

from django.urls import include, path

from jobs.access.permissions import Permission, needs
from jobs.mcp.views import McpView
from jobs.reference.views import reference
from project.metrics.views import metrics

urlpatterns = [
    path("api/docs/", needs(reference, GET=Permission.READ), name="reference"),
    path("api/", include("jobs.api.urls")),
    path("", include("jobs.pages.urls")),
    path("metrics", needs(metrics, GET=Permission.READ), name="metrics"),
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
