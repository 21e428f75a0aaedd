"""Logins and accounts, as django-allauth and Django signal them. Second factors are recorded if allauth.mfa is installed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db.models.signals import post_save
from django.http import HttpRequest

from jobs.access.addresses import client_address
from jobs.access.signals import attempts_refused
from jobs.audit.kinds import Kind
from jobs.audit.recording import Entry, record_if_possible, record_refusal, user_of_name

WRONG_PASSWORD: Final = "password"  # noqa: S105  # which factor it was
TOO_MANY: Final = "too many attempts"


def connect() -> None:
    """Called once the models are there."""
    account.user_logged_in.connect(_logged_in)
    user_login_failed.connect(_login_failed)
    user_logged_out.connect(_logged_out)
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_password_changed)
    attempts_refused.connect(_attempts_refused)
    post_save.connect(_superuser_created, sender=User)
    if apps.is_installed("allauth.mfa"):
        from allauth.mfa import signals as mfa

        mfa.authentication_failed.connect(_factor_failed)
        for signal in (mfa.authenticator_added, mfa.authenticator_reset):
            signal.connect(_factor_added)
        mfa.authenticator_removed.connect(_factor_removed)


def _logged_in(request: HttpRequest, user: User, **others: Any) -> None:
    record_if_possible(_by(Kind.LOGGED_IN, request, user, ", ".join(_factors(request, user))))


def _login_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **others: Any
) -> None:
    name = str(credentials.get("username", ""))
    record_refusal(
        Entry(Kind.LOGIN_FAILED, name, user_of_name(name), None, _address(request), WRONG_PASSWORD)
    )


def _attempts_refused(request: HttpRequest, name: str, **others: Any) -> None:
    """Bounded like all refusals: whoever goes on trying does not fill the log."""
    address = _address(request)
    record_refusal(Entry(Kind.LOGIN_FAILED, name, user_of_name(name), None, address, TOO_MANY))


def _superuser_created(instance: User, created: bool, **others: Any) -> None:
    """By `make admin`: all other ways to make accounts record them with the role."""
    if created and instance.is_superuser:
        record_if_possible(
            Entry(Kind.ACCOUNT_CREATED, instance.get_username(), instance.pk, detail="admin")
        )


def _factor_failed(request: HttpRequest, user: User, authenticator: Any, **others: Any) -> None:
    address, detail = _address(request), _type_of(authenticator)
    record_refusal(Entry(Kind.LOGIN_FAILED, user.get_username(), user.pk, None, address, detail))


def _logged_out(request: HttpRequest, user: User | None, **others: Any) -> None:
    if user is not None and user.is_authenticated:
        record_if_possible(_by(Kind.LOGGED_OUT, request, user))


def _password_changed(request: HttpRequest, user: User, **others: Any) -> None:
    record_if_possible(_by(Kind.PASSWORD_CHANGED, request, user))


def _factor_added(request: HttpRequest, user: User, authenticator: Any, **others: Any) -> None:
    record_if_possible(_by(Kind.FACTOR_ADDED, request, user, _type_of(authenticator)))


def _factor_removed(request: HttpRequest, user: User, authenticator: Any, **others: Any) -> None:
    record_if_possible(_by(Kind.FACTOR_REMOVED, request, user, _type_of(authenticator)))


def _by(kind: Kind, request: HttpRequest | None, user: User, detail: str = "") -> Entry:
    return Entry(kind, user.get_username(), user.pk, user.pk, _address(request), detail)


def _factors(request: HttpRequest, user: User) -> Iterable[str]:
    """`password`, then `totp`, and so on."""
    for method in get_authentication_records(request, user):
        yield str(method.get("type") or method.get("provider") or method.get("method", ""))


def _type_of(authenticator: Any) -> str:
    return str(getattr(authenticator, "type", ""))


def _address(request: HttpRequest | None) -> str | None:
    return client_address(request) if request is not None else None
