"""django-allauth's accounts, whose tables are there in both modes."""

from allauth.account import apps
from django.conf import settings


class AccountConfig(apps.AccountConfig):  # type: ignore[misc]  # it has no types
    def ready(self) -> None:
        """Its middleware, on which it insists, is there only in login mode. Only then does it signal anything, too."""
        from jobs.audit import signals  # its models are there now

        signals.connect()
        if settings.ACCESS == "login":
            super().ready()
