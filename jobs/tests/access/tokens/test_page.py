"""The page of API tokens."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from jobs.access.principal import Scope
from jobs.access.tokens import changes
from jobs.access.tokens.changes import revoke_token
from jobs.access.tokens.lookup import principal_of_token
from jobs.access.tokens.refusals import RevokedToken
from jobs.access.tokens.rows import TokenRow, token_page
from jobs.listing.paging import Paging
from jobs.tests.access.conftest import Login
from jobs.tests.access.tokens.conftest import log_of, make_token, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("login_mode")]

TOKEN = re.compile(r"jmd_\w{12}\.\w{46}")
VALUES = {"name": "CI", "scope": "read", "days": "90", "networks": ""}


def page(client: Client, path: str = "/tokens/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return response.content.decode()


def form_in(html: str) -> dict[str, str]:
    names = ("csrfmiddlewaretoken", "form")
    return {name: re.search(rf'name="{name}" value="(.+?)"', html)[1] for name in names}  # type: ignore[index]


def make(client: Client, hidden: dict[str, str] | None = None, **values: str) -> Any:
    """Fills in the form of the page, without scripts."""
    return client.post("/tokens/", VALUES | (hidden or form_in(page(client))) | values)


def stored() -> list[TokenRow]:
    return token_page(Paging()).rows


def test_makes_a_token_and_shows_it_once(as_role: Login) -> None:
    client = as_role("operator", enforce_csrf_checks=True)
    response = make(client, scope="write", networks="127.0.0.0/8\r\n::1")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    [text] = TOKEN.findall(response.content.decode())
    principal = principal_of_token(text, "127.0.0.1")
    assert (principal.name, principal.scope) == ("otto", Scope.WRITE)
    assert not TOKEN.search(page(client))
    [row] = stored()
    assert (row.name, row.networks) == ("CI", ["127.0.0.0/8", "::1/128"])
    assert f"jmd_{row.key}…" in page(client)


def test_the_log_says_who_made_it_from_where(as_role: Login) -> None:
    client = as_role("viewer")
    make(client)
    [row] = stored()
    assert log_of(row) == [("created", row.user_id, "127.0.0.1")]
    client.post(f"/tokens/{row.id}/revoke/")
    assert log_of(row)[1:] == [("revoked", row.user_id, "127.0.0.1")]


def test_a_form_sent_twice_makes_one_token(as_role: Login) -> None:
    client = as_role("viewer")
    hidden = form_in(page(client))
    assert make(client, hidden).status_code == 200
    again = make(client, hidden)
    assert again.status_code == 409
    assert "has made a token already" in again.content.decode()
    assert form_in(again.content.decode())["form"] != hidden["form"]
    assert len(stored()) == 1


def test_mistakes_keep_what_was_entered(as_role: Login) -> None:
    client = as_role("viewer")
    response = make(client, name="<b>", days="0", networks="10.1.2.3/8 ten")
    html = response.content.decode()
    assert response.status_code == 400
    assert 'value="&lt;b&gt;"' in html
    assert "Did you mean 10.0.0.0/8?" in html
    assert "ten" in html.partition("Did you mean 10.0.0.0/8?")[2].partition("</p>")[0], "both"
    assert html.count('aria-invalid="true"') == 2
    assert not stored()


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("viewer", ["read"]),
        ("operator", ["read", "write", "agent"]),
        ("admin", ["read", "write", "admin", "agent"]),
    ],
)
def test_offers_and_makes_only_what_the_role_may_do(
    role: str, offered: list[str], as_role: Login
) -> None:
    client = as_role(role)
    assert re.findall(r'name="scope" value="(\w+)"', page(client)) == offered
    for scope in Scope:
        assert make(client, scope=scope).status_code == (200 if scope in offered else 400)
    assert len(stored()) == len(offered)


def test_tokens_are_limited(as_role: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MAX_TOKENS", 1)
    client = as_role("viewer")
    make(client)
    response = make(client)
    assert response.status_code == 409
    assert "Revoke some first." in response.content.decode()


def test_users_see_and_revoke_their_own_tokens(as_role: Login) -> None:
    client = as_role("viewer")
    foreign = make_token(make_user("ben"), name="Foreign")
    make(client)
    html = page(client)
    assert "Foreign" not in html
    [own] = [row for row in stored() if row.user == "vera"]
    assert client.post(f"/tokens/{foreign.id}/revoke/").status_code == 404
    answer = client.post(f"/tokens/{own.id}/revoke/", follow=True)
    assert answer.status_code == 200
    assert "is revoked" in unescape(answer.content.decode())
    assert [row.revoked_at is None for row in stored()] == [False, True]


def test_admins_see_and_revoke_those_of_all(as_role: Login) -> None:
    client = as_role("admin")
    token = make_token(make_user("ben"), name="Foreign")
    assert "Foreign" in page(client)
    for _ in range(2):
        assert client.post(f"/tokens/{token.id}/revoke/").status_code == 302
    with pytest.raises(RevokedToken):
        principal_of_token(token.text, None)
    assert client.post("/tokens/9999999/revoke/").status_code == 404


def test_a_token_neither_sees_nor_makes_tokens(as_role: Login) -> None:
    token = make_token(User.objects.create_superuser("root"), scope=Scope.ADMIN)
    client = Client(headers={"Authorization": f"Bearer {token.text}"})
    assert client.get("/tokens/").status_code == 403
    assert client.post("/tokens/", VALUES).status_code == 403
    assert client.post(f"/tokens/{token.id}/revoke/").status_code == 403


def test_changes_need_the_csrf_token(as_role: Login) -> None:
    client = as_role("admin", enforce_csrf_checks=True)
    token = make_token()
    assert client.post("/tokens/", VALUES).status_code == 403
    assert client.post(f"/tokens/{token.id}/revoke/").status_code == 403
    assert [row.revoked_at for row in stored()] == [None]


def test_unusable_tokens_say_so(as_role: Login) -> None:
    client = as_role("admin")
    revoke_token(make_token().id)
    html = page(client)
    assert "revoked <small>" in html
    assert "/revoke/" not in html


def test_hostile_names_are_harmless(as_role: Login) -> None:
    client = as_role("admin")
    make_token(make_user("<i>x"), name="<script>alert(1)</script>\u202e\"'")
    html = page(client)
    assert "<script>alert" not in html
    assert "<i>x" not in html


def test_pages_of_the_list_and_stale_links(as_role: Login) -> None:
    client = as_role("admin")
    user = make_user()
    for _ in range(3):
        make_token(user)
    html = page(client, "/tokens/?page_size=2")
    assert html.count('id="row-') == 2
    [following] = re.findall(r'href="(/tokens/\?\S+?)"', html)
    assert page(client, unescape(following)).count('id="row-') == 1
    assert "no longer valid" in page(client, "/tokens/?cursor=x")


def test_methods_that_there_are_not(as_role: Login) -> None:
    client = as_role("admin")
    for path, allowed in (("/tokens/", "GET, HEAD, POST"), ("/tokens/1/revoke/", "POST")):
        response = client.put(path)
        assert (response.status_code, response["Allow"]) == (405, allowed)


def test_open_mode_says_that_no_token_is_needed(client: Client, settings: Settings) -> None:
    settings.ACCESS = "open"
    assert "No token is needed" in page(client)
    assert client.post("/tokens/", VALUES).status_code == 200
    assert not stored()
