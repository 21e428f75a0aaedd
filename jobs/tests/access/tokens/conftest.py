from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from jobs.access.principal import Role, Scope
from jobs.access.tokens.changes import COMMAND_LINE, NewToken, create_token
from jobs.access.tokens.rows import TokenRow
from jobs.access.tokens.values import TokenValues
from jobs.tests.factories import database_rows


def make_user(name: str = "ci", role: Role = Role.OPERATOR) -> User:
    """A user without a password, as service accounts are."""
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get_or_create(name=role.label)[0])
    return user


def make_token(user: User | None = None, **values: Any) -> NewToken:
    given = {"name": "CI", "scope": Scope.WRITE} | values
    return create_token((user or make_user()).pk, TokenValues(**given), COMMAND_LINE)


def log_of(token: NewToken | TokenRow) -> list[tuple[Any, ...]]:
    """Its entries, oldest first: what happened, by whom, and from where."""
    sql = f"SELECT event, actor, host(address) FROM api_token_event WHERE token_id = {token.id} ORDER BY id"
    return database_rows(sql)


def expire(token: NewToken) -> None:
    database_rows(
        f"UPDATE api_token SET created_at = now() - interval '2 days', expires_at = now() WHERE id = {token.id} RETURNING id"
    )


def let_a_minute_pass(token: NewToken) -> None:
    sql = "UPDATE api_token SET last_used_at = last_used_at - interval '1 minute'"
    database_rows(f"{sql} WHERE id = {token.id} RETURNING id")


@pytest.fixture
def owner(db: None) -> User:
    return make_user()
