"""Whom the provider names gets an account of its own, with the role that its claims give."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.tests.access.conftest import Login
from jobs.tests.access.sso.conftest import LogIn
from jobs.tests.access.sso.provider import Provider
from jobs.tests.factories import database_rows


def role_in(client: Client) -> str | None:
    """What the user of this browser may do, found out by trying."""
    if client.get("/api/jobs/").status_code == 401:
        return None
    if client.get("/api/audit/").status_code == 200:
        return "admin"
    return "operator" if client.get("/operations/new/").status_code == 200 else "viewer"


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["chiefs", "crew"], "admin"),
        (["crew"], "operator"),
        ("guests", "viewer"),
        (["guests", 7], "viewer"),
    ],
)
def test_the_claims_give_the_highest_role(log_in: LogIn, groups: Any, role: str) -> None:
    client = Client()
    response = log_in(client, groups=groups)
    assert (response.status_code, response["Location"]) == (302, "/trash/")
    assert role_in(client) == role
    assert client.session.get_expiry_age() == 12 * 3600


def test_the_role_follows_the_claims_at_each_login(log_in: LogIn) -> None:
    log_in(Client(), groups=["chiefs"])
    client = Client()
    log_in(client, groups=["guests"])
    assert role_in(client) == "viewer"
    assert User.objects.get(username="olga").groups.count() == 1


def test_a_claim_may_be_within_another_and_a_star_is_everybody(
    log_in: LogIn, configure: Callable[..., None]
) -> None:
    roles = {"admin": frozenset[str](), "operator": frozenset({"crew"}), "viewer": frozenset({"*"})}
    configure(roles_claim="realm_access.roles", roles=roles)
    first, second = Client(), Client()
    log_in(first, realm_access={"roles": ["crew"]})
    log_in(second, sub="2", realm_access=None)
    assert [role_in(first), role_in(second)] == ["operator", "viewer"]


@pytest.mark.parametrize("groups", [["strangers"], [], None, {"crew": True}, 7, ["*"]])
def test_nobody_gets_in_without_a_role(log_in: LogIn, groups: Any) -> None:
    client = Client()
    response = log_in(client, groups=groups)
    assert response.status_code == 403
    assert "Your account at Acme has no role in the dashboard." in response.content.decode()
    assert role_in(client) is None
    assert not User.objects.exists()


def test_a_local_account_is_never_taken_over(
    log_in: LogIn, user: Callable[[str], User], provider: Provider
) -> None:
    anna = user("admin")
    anna.email = "anna@example.com"
    anna.save()
    client = Client()
    log_in(client, preferred_username="ANNA", email="anna@example.com", email_verified=True)
    assert role_in(client) == "operator"
    assert set(User.objects.values_list("username", flat=True)) == {"anna", "ANNA-2"}


def test_a_name_that_becomes_another_one_is_taken(
    log_in: LogIn, user: Callable[[str], User]
) -> None:
    user("admin")
    log_in(Client(), preferred_username="\N{FULLWIDTH LATIN CAPITAL LETTER A}NNA")
    assert set(User.objects.values_list("username", flat=True)) == {"anna", "ANNA-2"}


def test_people_are_told_apart_by_their_subject_alone(log_in: LogIn) -> None:
    for subject, name in (("1", "olga"), ("2", "olga"), ("1", "olga.renamed")):
        log_in(Client(), sub=subject, preferred_username=name)
    assert set(User.objects.values_list("username", flat=True)) == {"olga", "olga-2"}


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "Olga <b>\u202e"}, "Olga-b"),
        ({"preferred_username": "", "email": "olga@example.com"}, "olga@example.com"),
        ({"preferred_username": 7, "sub": "a" * 255}, "a" * 140),
        ({"preferred_username": "!!!", "sub": "###"}, "somebody"),
    ],
)
def test_a_name_is_safe(log_in: LogIn, claims: dict[str, Any], name: str) -> None:
    log_in(Client(), **claims)
    assert User.objects.get().username == name


def test_an_account_that_is_switched_off_stays_out(log_in: LogIn) -> None:
    log_in(Client())
    User.objects.update(is_active=False)
    client = Client()
    assert "switched off" in log_in(client).content.decode()
    assert role_in(client) is None


def test_a_login_leads_to_this_host_only(log_in: LogIn) -> None:
    for place in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
    ):
        assert log_in(Client(), path=f"/login/sso/?next={place}")["Location"] == "/"


def test_a_way_back_that_no_cookie_holds_is_the_list(log_in: LogIn) -> None:
    assert log_in(Client(), path=f"/login/sso/?next=/?q={'é' * 1_000}")["Location"] == "/"


def test_another_users_session_ends(log_in: LogIn, as_role: Login) -> None:
    client = as_role("admin")
    client.get("/api/jobs/")
    old = client.session.session_key
    log_in(client, groups=["guests"])
    assert client.session.session_key != old
    assert role_in(client) == "viewer"


def test_logins_and_new_accounts_are_in_the_audit(log_in: LogIn) -> None:
    log_in(Client())
    log_in(Client(), groups=["strangers"])
    found = database_rows("SELECT kind, name, detail FROM audit_event ORDER BY id")
    assert found == [
        ("account_created", "olga", "single sign-on"),
        ("role_changed", "olga", "operator (single sign-on)"),
        ("logged_in", "olga", "single sign-on"),
        ("login_failed", "olga", "single sign-on: no_role"),
    ]


def test_a_password_is_another_services(log_in: LogIn) -> None:
    client = Client()
    log_in(client)
    assert "No password here" in client.get("/account/password/").content.decode()
    response = Client().post("/login/", {"login": "olga", "password": "!"})
    assert response.status_code == 200
    assert role_in(response.client) is None


def test_the_login_page_leads_to_the_provider(provider: Provider) -> None:
    page = Client().get("/login/?next=/trash/").content.decode()
    assert '<a class="button" href="/login/sso/?next=%2Ftrash%2F">Log in with Acme</a>' in page


def test_the_provider_may_be_the_only_way(
    configure: Callable[..., None], log_in: LogIn, user: Callable[[str], User]
) -> None:
    user("admin")
    configure(is_only_way=True)
    client = Client()
    page = client.get("/login/?next=/trash/").content.decode()
    assert "Log in with Acme" in page
    assert 'type="password"' not in page
    sent = {"login": "anna", "password": "correct horse battery"}
    assert client.post("/login/", sent).status_code == 403
    assert client.get("/login/passkey/").status_code == 403
    log_in(client)
    assert role_in(client) == "operator"


def test_without_a_provider_there_is_no_such_page(login_mode: None) -> None:
    client = Client()
    assert "Log in with Acme" not in client.get("/login/").content.decode()
    assert [client.get(path).status_code for path in ("/login/sso/", "/login/sso/callback/")] == [
        404,
        404,
    ]


@pytest.mark.parametrize(("counts", "status"), [(False, 403), (True, 200)])
def test_a_required_second_factor_may_be_the_providers(
    settings: Any, configure: Callable[..., None], log_in: LogIn, counts: bool, status: int
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    configure(counts_as_second_factor=counts)
    client = Client()
    log_in(client)
    assert client.get("/api/jobs/").status_code == status
