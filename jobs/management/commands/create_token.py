"""`manage.py create_token`: makes an API token, and prints it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from jobs.access.principal import Role, Scope
from jobs.access.tokens.changes import MAX_TOKENS, InactiveUser, TooManyTokens, create_token
from jobs.access.tokens.values import DEFAULT_DAYS, Mistakes, TokenValues, read_values

ROLES = [role.label for role in (Role.VIEWER, Role.OPERATOR, Role.ADMIN)]


class Command(BaseCommand):
    help = "Makes an API token, and prints it, alone, on stdout. It cannot be shown again: the database does not have it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help="in whose name it acts")
        parser.add_argument(
            "--scope", required=True, choices=list(Scope), help="what it may do at most"
        )
        parser.add_argument("--name", default="command line", help="what it is for")
        parser.add_argument(
            "--days", default=str(DEFAULT_DAYS), help=f"until it expires; {DEFAULT_DAYS} by default"
        )
        parser.add_argument(
            "--network",
            action="append",
            default=[],
            help="from where it may be used, as 192.0.2.0/24; may be repeated",
        )
        parser.add_argument(
            "--service-account",
            choices=ROLES,
            metavar="ROLE",
            help="makes the user, with this role and without a password, so that nobody can log in with it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name, role = options["user"], options["service_account"]
        try:
            values = read_values(
                options["name"], options["scope"], options["days"], " ".join(options["network"])
            )
        except Mistakes as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            user = _make_account(name, role) if role else _account(name)
            token = _create(user, values)
        self.stdout.write(token)
        self.stderr.write(
            f"The token of {name} may {values.scope} and expires in {values.days} days. It is not shown again.",
            style_func=str,
        )


def _account(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(
            f"There is no user {name}. To make one that only has tokens, add --service-account ROLE."
        )
    return user


def _make_account(name: str, role: str) -> User:
    if other := User.objects.filter(username__iexact=name).first():
        raise CommandError(
            f"There is a user {other.username} already. Leave --service-account away."
            if other.username == name
            else f"There is a user {other.username} already. Names must differ in more than case."
        )
    user = User(username=name)
    user.set_unusable_password()
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    user.save()
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def _create(user: User, values: TokenValues) -> str:
    try:
        return create_token(user.pk, values).text
    except TooManyTokens as error:
        raise CommandError(
            f"{user.username} has {MAX_TOKENS} usable tokens already. Revoke some first."
        ) from error
    except InactiveUser as error:
        raise CommandError(f"{user.username} is deactivated.") from error
