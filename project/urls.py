"""URL roots: pages at /, the JSON API at /api/, its reference at /api/docs/."""

from django.urls import include, path

from jobs.access.permissions import Permission, needs
from jobs.reference.views import reference

urlpatterns = [
    path("api/docs/", needs(reference, GET=Permission.READ), name="reference"),
    path("api/", include("jobs.api.urls")),
    path("", include("jobs.pages.urls")),
]

handler400 = "project.errors.bad_request"
handler404 = "project.errors.not_found"
handler500 = "project.errors.server_error"
