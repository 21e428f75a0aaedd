"""Who has no password here confirms at the provider, which must have asked for it again."""

from time import time

from django.contrib.auth.models import User
from django.test import Client

from jobs.tests.access.sso.conftest import LogIn
from jobs.tests.access.sso.provider import Provider

CONFIRM = "/account/confirm/sso/?next=/tokens/"


def age_login(client: Client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 1_000
    session.save()


def confirmed(client: Client) -> bool:
    return client.get("/account/factors/app/").status_code == 200


def test_a_login_at_the_provider_confirms(log_in: LogIn) -> None:
    client = Client()
    log_in(client, auth_time=int(time()))
    assert confirmed(client)
    age_login(client)
    assert not confirmed(client)
    page = client.get("/account/confirm/?next=/tokens/").content.decode()
    assert 'href="/account/confirm/sso/?next=%2Ftokens%2F"' in page

    location = client.get(CONFIRM)["Location"]
    assert "prompt=login&max_age=0" in location
    response = log_in(client, path=CONFIRM, auth_time=int(time()))
    assert response["Location"] == "/tokens/"
    assert confirmed(client)


def test_coming_back_without_a_login_confirms_nothing(log_in: LogIn) -> None:
    client = Client()
    for at in (int(time()) - 3_600, None, -1, "now"):
        assert log_in(client, auth_time=at).status_code == 302
        assert not confirmed(client)
    assert client.get("/api/jobs/").status_code == 200


def test_an_old_login_confirms_nothing(log_in: LogIn) -> None:
    client = Client()
    log_in(client)
    age_login(client)
    for at in (None, int(time()) - 3_600, int(time()) + 3_600, float("nan"), "now"):
        page = log_in(client, path=CONFIRM, auth_time=at).content.decode()
        assert (
            "Acme did not say that you have just logged in there, so nothing was confirmed." in page
        )
        assert "<h1>Not confirmed</h1>" in page
    assert not confirmed(client)


def test_somebody_else_confirms_nothing(log_in: LogIn, provider: Provider) -> None:
    client = Client()
    log_in(client)
    log_in(Client(), sub="2")
    age_login(client)
    for subject in ("2", "3"):
        page = log_in(client, path=CONFIRM, sub=subject, auth_time=int(time())).content.decode()
        assert "That was another account" in page
    assert not confirmed(client)
    assert User.objects.count() == 2


def test_a_confirmation_is_no_login(log_in: LogIn, provider: Provider) -> None:
    client, other = Client(), Client()
    log_in(client)
    place = provider.log_in(client.get(CONFIRM)["Location"], auth_time=int(time()))
    other.cookies["single-sign-on"] = client.cookies["single-sign-on"].value
    assert other.get(place).status_code == 403
    assert other.get("/api/jobs/").status_code == 401
