"""The site's table of contents: pages at /, JSON at /api/, and what is said of it at /api/docs/."""

from django.urls import include, path

from jobs.reference.views import reference

urlpatterns = [
    path("api/docs/", reference, name="reference"),
    path("api/", include("jobs.api.urls")),
    path("", include("jobs.pages.urls")),
]

handler400 = "project.errors.bad_request"
handler404 = "project.errors.not_found"
handler500 = "project.errors.server_error"
