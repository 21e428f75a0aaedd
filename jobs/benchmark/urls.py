"""The site's URLs and those of the floors, which use the same middleware."""

from django.urls import include, path

from jobs.access.permissions import Permission, needs
from jobs.benchmark import floors

urlpatterns = [
    path("bench/plain", needs(floors.plain, GET=Permission.PUBLIC)),
    path("bench/raw", needs(floors.raw, GET=Permission.PUBLIC)),
    path("", include("project.urls")),
]

handler400 = "project.errors.bad_request"
handler404 = "project.errors.not_found"
handler500 = "project.errors.server_error"
