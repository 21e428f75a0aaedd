"""django-allauth's accounts, whose tables are there in both modes."""

from allauth.account import apps
from django.contrib.auth.signals import user_logged_in


class AccountConfig(apps.AccountConfig):  # type: ignore[misc]  # it has no types
    def ready(self) -> None:
        """Without its own, which insists on a middleware in the settings that is within project.sessions."""
        from allauth.account import checks  # noqa: F401  # registers them

        from jobs.access.sessions import note_login  # models can be imported only now
        from jobs.audit import signals

        user_logged_in.connect(note_login)
        signals.connect()
