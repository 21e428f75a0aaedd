"""`manage.py create_token`."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from jobs.access.principal import Role, Scope
from jobs.access.tokens import changes
from jobs.access.tokens.format import parse
from jobs.access.tokens.lookup import principal_of_token
from jobs.access.tokens.rows import token_page
from jobs.listing.paging import Paging
from jobs.tests.access.tokens.conftest import make_token

pytestmark = pytest.mark.django_db


def create(*words: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("create_token", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_prints_the_token_alone(owner: User) -> None:
    printed, said = create("--user", "ci", "--scope", "read")
    text = printed.removesuffix("\n")
    assert parse(text)
    assert text not in said
    principal = principal_of_token(text, None)
    assert (principal.name, principal.role, principal.scope) == ("ci", Role.OPERATOR, Scope.READ)


def test_takes_all_values(owner: User) -> None:
    networks = ("--network", "10.0.0.0/8", "--network", "2001:db8::/32")
    create("--user", "ci", "--scope", "agent", "--name", "Nightly", "--days", "7", *networks)
    [row] = token_page(Paging()).rows
    assert (row.name, row.scope, row.networks) == ("Nightly", "agent", ["10.0.0.0/8", "2001:db8::/32"])  # fmt: skip


def test_makes_an_account_in_which_nobody_can_log_in() -> None:
    printed, _ = create("--user", "robot", "--scope", "admin", "--service-account", "viewer")
    principal = principal_of_token(printed.strip(), None)
    assert (principal.name, principal.role, principal.scope) == ("robot", Role.VIEWER, Scope.ADMIN)
    user = User.objects.get()
    assert not user.has_usable_password()
    assert not user.is_staff
    assert not user.is_superuser


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--user", "nobody", "--scope", "read"], "no user nobody"),
        (["--user", "ci", "--scope", "read", "--service-account", "admin"], "a user ci already"),
        (["--user", "CI", "--scope", "read", "--service-account", "admin"], "a user ci already"),
        (["--user", "a b", "--scope", "read", "--service-account", "admin"], "valid username"),
        (["--user", "ci", "--scope", "root"], "invalid choice"),
        (["--user", "ci", "--scope", "read", "--days", "0"], "number of days"),
        (["--user", "ci", "--scope", "read", "--network", "10.1.1.1/8"], "Did you mean 10.0.0.0/8"),
        (["--user", "ci", "--scope", "read", "--name", " "], "Enter a name"),
    ],
)
def test_refuses_what_cannot_be_meant(words: list[str], message: str, owner: User) -> None:
    with pytest.raises(CommandError, match=message):
        create(*words)
    assert User.objects.count() == 1
    assert not token_page(Paging()).rows


def test_a_deactivated_user_and_one_with_too_many_get_none(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MAX_TOKENS", 1)
    make_token(owner)
    with pytest.raises(CommandError, match="usable tokens already"):
        create("--user", "ci", "--scope", "read")
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="deactivated"):
        create("--user", "ci", "--scope", "read")
