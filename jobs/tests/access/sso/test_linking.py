"""An account that exists is linked to one at the provider by a command alone."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from jobs.tests.access.sso.conftest import LogIn
from jobs.tests.access.sso.provider import Provider


def link(name: str, subject: str) -> str:
    out = StringIO()
    call_command("account", name, "--subject", subject, stdout=out)
    return out.getvalue()


def test_a_linked_account_is_logged_in_with_the_role_of_the_claims(
    provider: Provider, user: Callable[[str], User], log_in: LogIn
) -> None:
    user("viewer")
    assert link("vera", "7") == f"vera logs in as 7 of {provider.issuer} now.\n"
    client = Client()
    log_in(client, sub="7", groups=["crew"])
    assert client.get("/operations/new/").status_code == 200
    assert User.objects.count() == 1


def test_a_subject_belongs_to_one_account(provider: Provider, user: Callable[[str], User]) -> None:
    user("viewer")
    user("operator")
    link("vera", "7")
    for name, subject in (("otto", "7"), ("vera", "8")):
        with pytest.raises(CommandError, match="Nothing was changed"):
            link(name, subject)
    with pytest.raises(CommandError, match="There is no account nobody"):
        link("nobody", "9")


def test_a_password_that_does_not_count_confirms_nothing(
    user: Callable[[str], User], log_in: LogIn, configure: Callable[..., None]
) -> None:
    user("operator")
    link("otto", "7")
    client = Client()
    log_in(client, sub="7")
    path = "/account/confirm/?next=/tokens/"
    assert 'type="password"' in client.get(path).content.decode()
    configure(is_only_way=True)
    page = client.get(path).content.decode()
    assert "Confirm with Acme" in page
    assert 'type="password"' not in page


def test_a_superuser_has_the_role_of_the_claims_too(provider: Provider, log_in: LogIn) -> None:
    User.objects.create_superuser("root")
    link("root", "7")
    client = Client()
    log_in(client, sub="7", groups=["guests"])
    assert client.get("/api/jobs/").status_code == 200
    assert client.get("/api/audit/").status_code == 403
    assert not User.objects.get().is_superuser
