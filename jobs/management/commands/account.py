"""Makes an account with a role, gives it another role, or takes away a second factor that was lost."""

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
from jobs.audit.kinds import Kind
from jobs.audit.recording import Entry, record
from jobs.sso.accounts import link

ROLES = [role.label for role in (Role.VIEWER, Role.OPERATOR, Role.ADMIN)]


class Command(BaseCommand):
    help = (
        "Makes an account with a role, asking for its password, or gives an account another role."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("role", choices=ROLES, nargs="?")
        parser.add_argument(
            "--remove-second-factor",
            action="store_true",
            help="takes away the app, the passkeys and the recovery codes of an account that has lost them",
        )

        parser.add_argument(
            "--subject",
            help="links the account to the one at the provider of OIDC_ISSUER that has this subject (`sub`)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name, role = options["name"], options["role"]
        if options["remove_second_factor"]:
            self._remove_factors(name)
        elif options["subject"]:
            self._link(name, options["subject"])
        elif role is None:
            raise CommandError(f"Say which role: {', '.join(ROLES)}.")
        if role is not None:
            self._set_role(name, role)

    def _remove_factors(self, name: str) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}. Nothing was changed.")
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
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}. Nothing was changed.")
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


def _role(user: User) -> str:
    if user.is_superuser:
        return Role.ADMIN.label
    held = set(user.groups.values_list("name", flat=True))
    return next((role for role in reversed(ROLES) if role in held), Role.VIEWER.label)


def _password(user: User) -> str:
    """As typed, twice."""
    password = getpass("Password: ")
    if getpass("Password (again): ") != password:
        raise CommandError("The passwords differ. Nothing was changed.")
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
