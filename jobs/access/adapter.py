"""How django-allauth behaves here."""

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from jobs.access.confirmation import is_confirmed
from jobs.access.signals import attempts_refused

PASSWORD_AT_LOGIN: Final = "password_at_login"  # noqa: S105  # a key of the session


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it has no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Too many failed login attempts. Try again in five minutes.",
        "username_password_mismatch": "Wrong username or password.",
        "enter_current_password": "That is not your current password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Admins make accounts."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Its pages answer with HTML only; a login by a passkey begins with what a script asks for."""
        return request.method == "GET" and request.path == reverse("mfa_login_webauthn")

    def is_reauthentication_required(self, *, app: str, **others: Any) -> bool:
        """A login counts too, not only a confirmation after it."""
        return not is_confirmed(context.request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the same page, which says that it is done."""
        return f"{reverse('account_change_password')}?done"

    def is_safe_url(self, url: str) -> bool:
        """Only this host: others that may be served, or may send forms, are none to which a login leads."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def pre_login(self, request: HttpRequest, user: User, **others: Any) -> HttpResponse | None:
        """Notes which password the login began with: another one ends it, as it ends sessions."""
        request.session[PASSWORD_AT_LOGIN] = user.get_session_auth_hash()
        response: HttpResponse | None = super().pre_login(request, user, **others)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            attempts_refused.send(type(self), request=request, name=credentials.get("username", ""))
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """By name alone: the host, to which the client may add any port, would start a new count."""
        return credentials.get("username", "").lower()

    def get_client_ip(self, request: HttpRequest) -> str:
        """A request that has passed fewer proxies than TRUSTED_PROXIES counts for the one that has sent it.

        One from a Unix socket has no address: all of these are counted together.
        """
        try:
            address = super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            address = request.META.get("REMOTE_ADDR", "")
        return str(address)
