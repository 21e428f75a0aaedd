"""The pages of logging in and confirming at the provider of OpenID Connect."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import login as login_with_password
from allauth.account.views import password_change, reauthenticate
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from jobs.access.addresses import client_address
from jobs.access.principal import principal_of
from jobs.audit.kinds import Kind
from jobs.audit.recording import Entry, record_refusal
from jobs.pages.errors import forbidden, too_many_failures
from jobs.sso.accounts import is_at_provider, known_user_id, user_of
from jobs.sso.configuration import SingleSignOn
from jobs.sso.refusals import TEXTS, Reason, Refused

if TYPE_CHECKING:
    from jobs.sso.flow import Purpose

logger: Final = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]

METHOD: Final = "single sign-on"
HOUR_SECONDS: Final = 3600


def begin_login(request: HttpRequest) -> HttpResponse:
    return _begin(request, "login")


def begin_confirmation(request: HttpRequest) -> HttpResponse:
    return _begin(request, "confirm")


def _begin(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    _configuration()
    from jobs.sso import flow  # imported late: only logins at a provider need PyJWT

    back = _safe(request.GET.get(REDIRECT_FIELD_NAME, ""))
    try:
        return flow.begin(request, purpose, back)
    except Refused as refused:
        return _refused(request, refused)


@never_cache
def callback(request: HttpRequest) -> HttpResponseBase:
    """Where the provider sends the browser. The cookie is used once, whatever comes of it."""
    configuration = _configuration()
    try:
        response = _finished(request, configuration)
    except Refused as refused:
        response = _refused(request, refused)
    response.delete_cookie(settings.SSO_COOKIE_NAME, samesite="Lax")
    return response


def _finished(request: HttpRequest, configuration: SingleSignOn) -> HttpResponseBase:
    from jobs.sso import flow

    finished = flow.finish(request)
    back = _safe(finished.back)
    if finished.purpose == "confirm":
        if not request.user.is_authenticated or request.user.pk != known_user_id(
            configuration, finished.claims
        ):
            raise Refused(Reason.SOMEBODY_ELSE)
        record_authentication(request, request.user, METHOD, reauthenticated=True)
        return HttpResponseRedirect(back)
    user = user_of(configuration, finished.claims, client_address(request))
    if request.user.is_authenticated and request.user.pk != user.pk:
        request.session.flush()  # what follows belongs to another user
    # Not when it came back: the provider asks nobody who is logged in there, as at a computer that was left unlocked.
    record_authentication(request, user, METHOD, at=finished.at)
    request.session.set_expiry(configuration.hours * HOUR_SECONDS)
    # A second factor that the account has here is asked for first.
    response: HttpResponseBase = perform_login(request, user, redirect_url=back)
    return response


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    # What the provider sent may have several lines, as if the dashboard had logged them.
    logger.warning("Single sign-on was refused: %s", ascii(str(refused)))
    record_refusal(
        Entry(
            Kind.LOGIN_FAILED,
            name=refused.name,
            address=client_address(request),
            detail=f"{METHOD}: {refused.reason}",
        )
    )
    name = _configuration().name
    text = TEXTS[refused.reason].format(name=name)
    is_down = refused.reason is Reason.UNREACHABLE
    context = {"text": text[0].upper() + text[1:], "is_known": request.user.is_authenticated}
    return render(request, "account/sso_refused.html", context, status=502 if is_down else 403)


def login(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """The page for a name and a password, unless the provider is the only way."""
    if _is_only_way():
        if request.method == "POST":
            return forbidden(request)
        return render(request, "account/sso_only.html", _about(request))
    response: HttpResponseBase = login_with_password(request, **kwargs)
    if settings.SINGLE_SIGN_ON is not None and isinstance(response, TemplateResponse):
        response.context_data = {**(response.context_data or {}), **_about(request)}
    return response


def local(view: View) -> View:
    """A way to log in here, which is none if the provider is the only one."""

    @wraps(view)
    def only_if_allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return forbidden(request) if _is_only_way() else view(request, *args, **kwargs)

    return only_if_allowed


def confirm(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """Who has no password here, or none that counts, confirms at the provider."""
    if _confirms_at_provider(request):
        return render(request, "account/sso_confirm.html", _about(request))
    response: HttpResponseBase = reauthenticate(request, **kwargs)
    return response


def change_password(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    if not request.user.has_usable_password():  # type: ignore[union-attr]  # the guard has asked
        return render(request, "account/no_password.html")
    if request.method == "POST":
        # By itself, the page would say whether a password is right more often than the login does, and log nothing.
        try:
            is_current = get_adapter().reauthenticate(
                request.user, request.POST.get("oldpassword", "")
            )
        except ValidationError:
            return too_many_failures(request)
        if not is_current:
            form = ChangePasswordForm(user=request.user, data=request.POST)
            return render(request, "account/password_change.html", {"form": form})
    response: HttpResponseBase = password_change(request, **kwargs)
    return response


def _confirms_at_provider(request: HttpRequest) -> bool:
    user_id = principal_of(request).user_id
    return (
        settings.SINGLE_SIGN_ON is not None
        and user_id is not None
        and (
            _is_only_way() or not request.user.has_usable_password()  # type: ignore[union-attr]  # the guard has asked
        )
        and is_at_provider(user_id)
    )


def _about(request: HttpRequest) -> dict[str, str]:
    """For the link to the provider."""
    back = _safe(request.GET.get(REDIRECT_FIELD_NAME, ""))
    return {"provider": _configuration().name, "query": urlencode({REDIRECT_FIELD_NAME: back})}


def _is_only_way() -> bool:
    configuration: SingleSignOn | None = settings.SINGLE_SIGN_ON
    return configuration is not None and configuration.is_only_way


def _safe(url: str) -> str:
    """A place on this host, or the list."""
    return url if get_adapter().is_safe_url(url) else "/"


def _configuration() -> SingleSignOn:
    configuration: SingleSignOn | None = settings.SINGLE_SIGN_ON
    if configuration is None:
        raise Http404
    return configuration
