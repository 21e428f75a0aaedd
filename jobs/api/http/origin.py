"""Refuses changes that a page of another site sends with the viewer's browser. Programs send neither of these headers."""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from rest_framework.request import Request

from jobs.api.problems.exceptions import CrossSite

# By the user, or by a page of this dashboard
OWN: Final = frozenset({"none", "same-origin"})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def reject_cross_site(request: Request) -> None:
    """A request without a body needs no preflight, so that browsers send it from anywhere.

    Browsers that know Sec-Fetch-Site send it over HTTPS and to this machine; all of them send Origin with what is not safe.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.META.get("HTTP_ORIGIN")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site is None:
        is_own = origin is None or urlsplit(origin).netloc == request.get_host()
    else:
        is_own = site in OWN
    if not is_own:
        raise CrossSite
