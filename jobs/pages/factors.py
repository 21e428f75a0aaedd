"""The page of one's second factors, and what differs from django-allauth's pages for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from jobs.access.adapter import PASSWORD_AT_LOGIN
from jobs.access.confirmation import confirmation_url
from jobs.access.principal import principal_of
from jobs.pages.formats import time_attribute, time_text

TYPES: Final = Authenticator.Type
REFUSED: Final = "passkey"
CHALLENGE_SECONDS: Final = 600
# The browser keeps the passkey with the name of the user, and asks for a fingerprint, face or PIN.
LOGIN_ALONE: Final = {
    "residentKey": "required",
    "requireResidentKey": True,
    "userVerification": "required",
}


class Moment(NamedTuple):
    attribute: str
    text: str


def factors(request: HttpRequest) -> HttpResponse:
    """One query. It decrypts nothing, so that it works with another SECRET_KEY too."""
    owned = Authenticator.objects.filter(user_id=principal_of(request).user_id).order_by("id")
    rows: dict[str, list[dict[str, Any]]] = {type_: [] for type_ in TYPES}
    for each in owned:
        rows[each.type].append(_row(each))
    codes = next(iter(rows[TYPES.RECOVERY_CODES]), None)
    app = next(iter(rows[TYPES.TOTP]), None)
    context = {
        "app": app,
        "passkeys": rows[TYPES.WEBAUTHN],
        "codes_left": codes and settings.MFA_RECOVERY_CODE_COUNT - codes["used"],
        "has_factor": bool(app or rows[TYPES.WEBAUTHN]),
        "is_required": settings.REQUIRE_SECOND_FACTOR,
    }
    response = render(request, "mfa/index.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _row(each: Authenticator) -> dict[str, Any]:
    return {
        "id": each.pk,
        "name": each.data.get("name", ""),
        "used": each.data.get("used_mask", 0).bit_count(),
        "created": _moment(each.created_at),
        "last_used": _moment(each.last_used_at),
    }


def _moment(moment: datetime | None) -> Moment | None:
    return Moment(time_attribute(moment), time_text(moment)) if moment else None


class NewCodesView(GenerateRecoveryCodesView):  # type: ignore[misc]  # it has no types
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without decrypting the codes that there are, whose number the page does not say."""
        context: dict[str, Any] = super(GenerateRecoveryCodesView, self).get_context_data(**kwargs)
        return context


class _OptionsMixin:
    """What the script hands to the browser, as the text of an attribute."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        [options] = context["js_data"].values()
        return context | {"options": json.dumps(options)}


class LoginStageView(_OptionsMixin, AuthenticateView):  # type: ignore[misc]
    """The second step of a login."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = (
            super().get(request, *args, **kwargs)
            if self._is_same_password()
            else self.stage.abort()
        )
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = (
            super().post(request, *args, **kwargs)
            if self._is_same_password()
            else self.stage.abort()
        )
        return response

    def _is_same_password(self) -> bool:
        """As that with which the login began."""
        digest = self.request.session.get(PASSWORD_AT_LOGIN, "")
        return constant_time_compare(digest, self.stage.login.user.get_session_auth_hash())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        known = json.loads(context["options"])["publicKey"].get("allowCredentials")
        return context | {"has_passkey": bool(known)}


class ActivateAppView(ActivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        """The code counts as used: it opens no login."""
        response: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=TYPES.TOTP)
        app.wrap().validate_code(form.cleaned_data["code"])
        return response


class AddPasskeyView(_OptionsMixin, webauthn.AddWebAuthnView):  # type: ignore[misc]
    def get_form_kwargs(self) -> dict[str, Any]:
        """A passkey is one with which one can log in: it verifies who uses it."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if "data" in kwargs:
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["passwordless"] = "on"
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        options = json.loads(context["options"])
        options["publicKey"]["authenticatorSelection"] |= LOGIN_ALONE
        return context | {"options": json.dumps(options)}


class ConfirmByPasskeyView(_OptionsMixin, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponse:
        """To the page for the password, which says why."""
        back = self.get_next_url() or "/"
        return HttpResponseRedirect(f"{confirmation_url(back)}&{REFUSED}=refused")


class LoginByPasskeyView(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The challenge is stored in a session, which strangers can ask for: it lasts as long as one needs for it."""
        response: HttpResponse = super().get(request, *args, **kwargs)
        if not request.user.is_authenticated:
            request.session.set_expiry(CHALLENGE_SECONDS)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session.set_expiry(None)  # that of other logins
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        back = self.request.POST.get(REDIRECT_FIELD_NAME, "")
        query = {REFUSED: "refused"} | ({REDIRECT_FIELD_NAME: back} if back else {})
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(query)}")


class RemovePasskeyView(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    def get_success_url(self) -> str:
        return reverse("mfa_index")


def _bounded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What is sent as a passkey may be nested more deeply than JSON is read."""

    @wraps(view)
    def refuse_nonsense(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except RecursionError:
            raise BadRequest("The passkey is nested too deeply.") from None

    return refuse_nonsense


activate_app = never_cache(ActivateAppView.as_view())
second_step = never_cache(_bounded(LoginStageView.as_view()))
new_codes = never_cache(NewCodesView.as_view())
add_passkey = never_cache(_bounded(AddPasskeyView.as_view()))
confirm_by_passkey = never_cache(_bounded(ConfirmByPasskeyView.as_view()))
login_by_passkey = never_cache(_bounded(LoginByPasskeyView.as_view()))
remove_passkey = never_cache(RemovePasskeyView.as_view())
