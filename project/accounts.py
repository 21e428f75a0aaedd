"""django-allauth's accounts, whose tables are there in both modes."""

from allauth.account import apps
from django.conf import settings
from django.contrib.auth.signals import user_logged_in


class AccountConfig(apps.AccountConfig):  # type: ignore[misc]  # it has no types
    def ready(self) -> None:
        """Its middleware, on which it insists, is there only in login mode."""
        from jobs.access.sessions import note_login  # models can be imported only now

        user_logged_in.connect(note_login)
        if settings.ACCESS == "login":
            super().ready()
