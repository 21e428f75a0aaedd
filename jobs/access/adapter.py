"""How django-allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Admins make accounts."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Its pages answer with HTML only."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the same page, which says that it is done."""
        return f"{reverse('account_change_password')}?done"

    def get_client_ip(self, request: HttpRequest) -> str:
        """A request that has passed fewer proxies than TRUSTED_PROXIES counts for the one that has sent it."""
        try:
            address = super().get_client_ip(request)
        except ImproperlyConfigured:
            address = request.META.get("REMOTE_ADDR", "")
        return str(address)
