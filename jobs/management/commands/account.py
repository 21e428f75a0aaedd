"""`manage.py account`: what admins do to the accounts of others."""

import sys
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from jobs.access.factors import remove_factors
from jobs.access.principal import Role
from jobs.access.sessions import end_all_sessions
from jobs.audit.kinds import Kind
from jobs.audit.recording import Entry, record
from jobs.sso.accounts import link

ROLES = [role.label for role in (Role.VIEWER, Role.OPERATOR, Role.ADMIN)]


class Command(BaseCommand):
    help = (
        "Makes an account with a role, or changes one. A password is asked for at a terminal, twice; "
        "otherwise it is the first line of standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("role", choices=ROLES, nargs="?")
        changes = parser.add_mutually_exclusive_group()
        changes.add_argument(
            "--new-password",
            action="store_true",
            help="gives it another password, which ends its sessions",
        )
        changes.add_argument(
            "--deactivate",
            action="store_true",
            help="lets nobody log in with it or use its tokens, and ends its sessions",
        )
        changes.add_argument("--activate", action="store_true", help="undoes that")
        changes.add_argument(
            "--remove-second-factor",
            action="store_true",
            help="takes away the app, the passkeys and the recovery codes of an account that has lost them",
        )
        changes.add_argument(
            "--subject",
            help="links the account to the one at the provider of OIDC_ISSUER that has this subject (`sub`)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name, role = options["name"], options["role"]
        if options["new_password"]:
            self._set_password(_account(name))
        elif options["deactivate"] or options["activate"]:
            self._set_active(_account(name), options["activate"])
        elif options["remove_second_factor"]:
            self._remove_factors(_account(name))
        elif options["subject"]:
            self._link(name, options["subject"])
        elif role is None:
            raise CommandError(f"Say which role: {', '.join(ROLES)}.")
        if role is not None:
            self._set_role(name, role)

    def _set_password(self, user: User) -> None:
        user.set_password(_password(user))
        with transaction.atomic():
            user.save(update_fields=["password"])
            record(Entry(Kind.PASSWORD_CHANGED, user.username, user.pk))
        self.stdout.write(f"{user.username} has another password now. Its sessions have ended.")

    def _set_active(self, user: User, is_active: bool) -> None:
        word = "active" if is_active else "deactivated"
        if user.is_active == is_active:
            self.stdout.write(f"{user.username} is {word} already. Nothing was changed.")
            return
        user.is_active = is_active
        with transaction.atomic():
            user.save(update_fields=["is_active"])
            # They would go on when it is activated again.
            end_all_sessions(user.pk)
            kind = Kind.ACCOUNT_ACTIVATED if is_active else Kind.ACCOUNT_DEACTIVATED
            record(Entry(kind, user.username, user.pk))
        self.stdout.write(f"{user.username} is {word} now.")

    def _remove_factors(self, user: User) -> None:
        name = user.username
        with transaction.atomic():
            if number := remove_factors(user):
                record(Entry(Kind.FACTOR_REMOVED, name, user.pk))
        self.stdout.write(
            f"{name} has no second factor any more: {number} {'was' if number == 1 else 'were'} removed."
            if number
            else f"{name} has no second factor. Nothing was changed."
        )

    def _link(self, name: str, subject: str) -> None:
        if settings.SINGLE_SIGN_ON is None:
            raise CommandError("OIDC_ISSUER is not set.")
        user = _account(name)
        try:
            with transaction.atomic():
                link(settings.SINGLE_SIGN_ON.issuer, subject, user)
                record(Entry(Kind.ACCOUNT_LINKED, name, user.pk, detail=subject))
        except IntegrityError:
            raise CommandError(
                f"{name} is linked already, or {subject} is another account's. Nothing was changed."
            ) from None
        self.stdout.write(f"{name} logs in as {subject} of {settings.SINGLE_SIGN_ON.issuer} now.")

    def _set_role(self, name: str, role: str) -> None:
        user = User.objects.filter(username=name).first()
        is_new = user is None
        with transaction.atomic():
            before = _role(user) if user else ""
            if user is None:
                if other := User.objects.filter(username__iexact=name).first():
                    raise CommandError(
                        f"There is an account {other.username} already. Names must differ in more than case."
                    )
                user = User(username=name)
                user.set_password(_password(user))
                _validate(user)
                user.save()
            user.groups.remove(*Group.objects.filter(name__in=ROLES))
            user.groups.add(Group.objects.get_or_create(name=role)[0])
            if not is_new and user.is_superuser and role != Role.ADMIN.label:
                user.is_superuser = False
                user.save(update_fields=["is_superuser"])
            kind = Kind.ACCOUNT_CREATED if is_new else Kind.ROLE_CHANGED
            change = role if is_new else f"{before} → {role}"
            record(Entry(kind, name, user.pk, detail=change))
        self.stdout.write(
            f"{name}{' was created and' if is_new else ''} is now {'an' if role[0] in 'ao' else 'a'} {role}."
        )


def _account(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no account {name}. Nothing was changed.")
    return user


def _role(user: User) -> str:
    if user.is_superuser:
        return Role.ADMIN.label
    held = set(user.groups.values_list("name", flat=True))
    return next((role for role in reversed(ROLES) if role in held), Role.VIEWER.label)


def _password(user: User) -> str:
    """As typed, twice, or as a program sends it."""
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("Password (again): ") != password:
            raise CommandError("The passwords differ. Nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password


def _validate(user: User) -> None:
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
