"""django-allauth's accounts, whose tables are there in both modes."""

from allauth.account import apps


class AccountConfig(apps.AccountConfig):  # type: ignore[misc]  # it has no types
    def ready(self) -> None:
        """Without its own, which insists on a middleware in the settings that is within project.sessions."""
        from allauth.account import checks  # noqa: F401  # registers them
