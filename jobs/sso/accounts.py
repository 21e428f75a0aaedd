"""The account of whom the provider names, by issuer and subject alone: names and addresses can belong to others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobs.audit.kinds import Kind
from jobs.audit.recording import Entry, record
from jobs.models import ProviderAccount
from jobs.sso.configuration import ANYBODY, ROLES, SingleSignOn
from jobs.sso.refusals import Reason, Refused

UNUSABLE: Final = re.compile(r"[^\w.@+-]+")
MAX_NAME: Final = 140
MAX_TRIES: Final = 100


def user_of(configuration: SingleSignOn, claims: Mapping[str, Any], address: str | None) -> User:
    """The user, with the role that the claims give now; a new one if there is none. Raises Refused."""
    name = named(claims)
    role = role_of(configuration, claims)
    if role is None:
        raise Refused(Reason.NO_ROLE, name=name)
    subject = claims["sub"]
    with transaction.atomic():
        known = (
            ProviderAccount.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(issuer=configuration.issuer, subject=subject)
            .first()
        ) or _created(configuration.issuer, subject, name, address)
        user: User = known.user
        if not user.is_active:
            raise Refused(Reason.INACTIVE, name=user.get_username())
        _set_role(user, role, address)
        known.last_login_at = timezone.now()
        known.save(update_fields=["last_login_at"])
    return user


def known_user_id(configuration: SingleSignOn, claims: Mapping[str, Any]) -> int | None:
    return (
        ProviderAccount.objects.filter(issuer=configuration.issuer, subject=claims["sub"])
        .values_list("user_id", flat=True)
        .first()
    )


def is_at_provider(user_id: int) -> bool:
    return ProviderAccount.objects.filter(user_id=user_id).exists()


def link(issuer: str, subject: str, user: User) -> None:
    """Raises IntegrityError if either has another already."""
    ProviderAccount.objects.create(issuer=issuer, subject=subject, user=user)


def role_of(configuration: SingleSignOn, claims: Mapping[str, Any]) -> str | None:
    """The highest role that a value of the claim gives."""
    found: Any = claims
    for part in configuration.roles_claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    values = {each for each in listed if isinstance(each, str)}
    return next((role for role in ROLES if configuration.roles[role] & (values | {ANYBODY})), None)


def named(claims: Mapping[str, Any]) -> str:
    """A name of an account, of what the provider calls the user."""
    for claim in ("preferred_username", "email", "sub"):
        text = claims.get(claim)
        if isinstance(text, str):
            # First, since Django does so when it creates the user: other characters could become those of a name.
            usual = User.normalize_username(text)
            if name := UNUSABLE.sub("-", usual).strip("-")[:MAX_NAME]:
                return name
    return "somebody"


def _created(issuer: str, subject: str, name: str, address: str | None) -> ProviderAccount:
    """With the name and, if another account has it, a number: `anna-2`."""
    for number in range(1, MAX_TRIES):
        free = name if number == 1 else f"{name}-{number}"
        if User.objects.filter(username__iexact=free).exists():
            continue
        try:
            with transaction.atomic():
                user = User.objects.create_user(free)  # without a password that could be used
                known = ProviderAccount.objects.create(issuer=issuer, subject=subject, user=user)
        except IntegrityError:  # another request was first, with the name or with the account
            if other := ProviderAccount.objects.filter(issuer=issuer, subject=subject).first():
                return other
            continue
        record(Entry(Kind.ACCOUNT_CREATED, free, user.pk, user.pk, address, "single sign-on"))
        return known
    raise Refused(Reason.NO_ROLE, f"too many accounts are called {name}", name)


def _set_role(user: User, role: str, address: str | None) -> None:
    before = sorted(user.groups.filter(name__in=ROLES).values_list("name", flat=True))
    if user.is_superuser and role != "admin":
        user.is_superuser = False  # made by `make admin` and linked
        user.save(update_fields=["is_superuser"])
        before = ["admin"]
    elif before == [role]:
        return
    user.groups.remove(*Group.objects.filter(name__in=ROLES))
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    change = f"{', '.join(before)} → {role}" if before else role
    record(
        Entry(
            Kind.ROLE_CHANGED,
            user.get_username(),
            user.pk,
            user.pk,
            address,
            f"{change} (single sign-on)",
        )
    )
