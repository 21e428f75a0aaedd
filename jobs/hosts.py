"""The host name of a request."""

from django.http import HttpRequest
from django.http.request import split_domain_port


def host_name(request: HttpRequest) -> str:
    """The host name that the client requested, allowed or not, without the port."""
    host = request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", ""))
    return split_domain_port(host)[0] or host
