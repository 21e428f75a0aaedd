"""A URL that somebody has forgotten to decide on."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from project.login_urls import handler400, handler404, handler500
from project.login_urls import urlpatterns as declared

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("reached")


urlpatterns = [path("undeclared/", undeclared), *declared]
