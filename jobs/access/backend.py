"""Users, read together with their roles: a user in neither of two groups is a viewer."""

from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, Value

from jobs.access.factors import FACTORS
from jobs.access.principal import ANONYMOUS, Principal, Role
from jobs.models import ProviderAccount

_MEMBERSHIP: Final = User.groups.through.objects.filter(user=OuterRef("pk"))
_AT_PROVIDER: Final = ProviderAccount.objects.filter(user=OuterRef("pk"))
_FACTOR: Final = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)


class RoleBackend(AuthenticationBackend):  # type: ignore[misc]  # it has no types
    def get_user(self, user_id: Any) -> User | None:
        """One query: whether the user is in a group, and has a second factor, is asked together with who it is."""
        factor = _has_factor() if settings.REQUIRE_SECOND_FACTOR else Value(True)
        wanted = User.objects.filter(Q(pk=user_id) & Q(is_active=True)).annotate(
            has_factor=factor,
            is_admin=Exists(_MEMBERSHIP.filter(group__name=Role.ADMIN.label)),
            is_operator=Exists(_MEMBERSHIP.filter(group__name=Role.OPERATOR.label)),
        )
        return wanted.first()


def _has_factor() -> Exists | Q:
    """A login at the provider counts if it is said to, and is the only one that the account has."""
    if settings.SINGLE_SIGN_ON is None or not settings.SINGLE_SIGN_ON.counts_as_second_factor:
        return Exists(_FACTOR)
    return Q(Exists(_FACTOR)) | Q(
        Exists(_AT_PROVIDER), password__startswith=UNUSABLE_PASSWORD_PREFIX
    )


def role_of(user: Any) -> Role:
    """The role of a user that RoleBackend has read."""
    if user.is_superuser or user.is_admin:
        return Role.ADMIN
    return Role.OPERATOR if user.is_operator else Role.VIEWER


def session_principal(user: Any) -> Principal:
    """The principal of Django's `request.user`."""
    if not user.is_authenticated:
        return ANONYMOUS
    return Principal(user.pk, user.get_username(), role_of(user), lacks_factor=not user.has_factor)
