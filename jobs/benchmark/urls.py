"""The site's URLs and those of the floors, which use the same middleware."""

from django.urls import include, path

from jobs.benchmark import floors

urlpatterns = [
    path("bench/plain", floors.plain),
    path("bench/raw", floors.raw),
    path("", include("project.urls")),
]

handler400 = "project.errors.bad_request"
handler404 = "project.errors.not_found"
handler500 = "project.errors.server_error"
