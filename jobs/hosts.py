"""The host name of a request, and whether it is this machine's own."""

from ipaddress import ip_address

from django.http import HttpRequest
from django.http.request import split_domain_port


def host_name(request: HttpRequest) -> str:
    """The host name that the client requested, allowed or not, without the port."""
    host = request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", ""))
    return split_domain_port(host)[0] or host


def is_loopback(host: str) -> bool:
    """Whether the name or address is this machine's own."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
