"""How django-allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Admins make accounts."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Its pages answer with HTML only."""
        return False
