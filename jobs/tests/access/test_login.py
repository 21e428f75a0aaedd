"""Logging in and out, and what those see who have not."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from jobs.operations.maintenance import maintain
from jobs.tests.access.conftest import PASSWORD, Login
from jobs.tests.factories import database_rows
from jobs.tests.pages.html import text_of
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db


def log_in(client: Client, name: str = "otto", password: str = PASSWORD, **options: str) -> str:
    """Where the browser is sent, or the text of the page that refuses the login."""
    response = client.post("/login/", {"login": name, "password": password, **options})
    return response.headers.get("Location") or text_of(response.content.decode())


@pytest.mark.parametrize("wanted", ["/", "/?status=FAILED&q=a%2Bb", "/jobs/12/?q=x"])
def test_after_the_login_one_is_where_one_wanted_to_be(
    as_role: Login, user: Callable[[str], User], wanted: str
) -> None:
    user("operator")
    client = as_role()
    login = client.get(wanted).headers["Location"]
    page = client.get(login).content.decode()
    hidden = re.search(r'name="next" value="([^"]*)"', page)
    back = hidden[1].replace("&amp;", "&") if hidden else ""
    assert log_in(client, **({"next": back} if back else {})) == wanted
    assert client.get("/api/jobs/").status_code == 200


def test_the_login_page_says_that_a_session_has_ended(
    as_role: Login, user: Callable[[str], User]
) -> None:
    assert "ended" not in as_role().get("/").headers["Location"]
    user("operator")
    client = as_role()
    log_in(client)
    database_rows("DELETE FROM django_session RETURNING 1")
    login = client.get("/?q=x").headers["Location"]
    assert login == "/login/?ended=&next=%2F%3Fq%3Dx"
    assert "Your session has ended." in text_of(client.get(login).content.decode())
    assert "ended" not in client.get("/").headers["Location"], "its cookie is gone"
    assert log_in(client, next="/?q=x") == "/?q=x"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_a_login_redirects_to_no_other_site(
    as_role: Login, user: Callable[[str], User], elsewhere: str
) -> None:
    user("operator")
    assert log_in(as_role(), next=elsewhere) == "/"


def test_a_login_redirects_to_no_other_host_that_is_served(
    as_role: Login, user: Callable[[str], User], settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", ".example.com"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://other.example"]
    user("operator")
    for elsewhere in ("http://sibling.example.com/", "https://other.example/"):
        assert log_in(as_role(), next=elsewhere) == "/"
    assert (
        log_in(as_role(), next="http://testserver/operations/") == "http://testserver/operations/"
    )


def test_a_login_from_a_unix_socket_has_no_address(
    as_role: Login, user: Callable[[str], User]
) -> None:
    user("operator")
    answer = as_role().post("/login/", {"login": "otto", "password": PASSWORD}, REMOTE_ADDR="")
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_says_so_and_makes_no_session(
    as_role: Login, user: Callable[[str], User]
) -> None:
    user("operator")
    client = as_role()
    for name, password in (("otto", "wrong"), ("nobody", PASSWORD), ("otto", "")):
        assert "Log in" in log_in(client, name, password)
    assert "sessionid" not in client.cookies
    assert client.get("/api/jobs/").status_code == 401


def test_guessing_is_limited_by_name_and_counted_in_the_database(
    as_role: Login, user: Callable[[str], User]
) -> None:
    user("operator")
    for _ in range(5):
        log_in(as_role(), password="wrong")  # noqa: S106  # it is
    assert database_rows("SELECT count(*) FROM login_limit")[0][0] > 0
    assert "Too many failed login attempts" in log_in(as_role())


def test_another_port_in_the_host_evades_no_limit(
    as_role: Login, user: Callable[[str], User]
) -> None:
    user("operator")
    answers = [
        as_role().post(
            "/login/",
            {"login": "otto", "password": "wrong"},
            headers={"host": f"testserver:{port}"},
        )
        for port in range(1, 7)
    ]
    assert "Too many failed login attempts" in answers[-1].content.decode()


@pytest.mark.parametrize(("proxies", "limited"), [(0, True), (1, False), (3, True)])
def test_a_forged_address_evades_no_limit(
    as_role: Login, settings: Settings, proxies: int, limited: bool
) -> None:
    """With one proxy, the address that it has added counts; without any, the header is the client's own."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    texts = [
        as_role()
        .post(
            "/login/",
            {"login": f"name{number}", "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.1, 10.1.0.{number}"},
        )
        .content.decode()
        for number in range(11)
    ]
    assert ("Too many failed login attempts" in texts[-1]) is limited


def test_a_login_needs_its_own_form(as_role: Login, user: Callable[[str], User]) -> None:
    user("operator")
    client = as_role(enforce_csrf_checks=True)
    response = client.post("/login/", {"login": "otto", "password": PASSWORD})
    assert response.status_code == 403
    assert "The form is no longer valid" in response.content.decode()


def test_logging_out_ends_the_session(as_role: Login) -> None:
    client = as_role("operator")
    stolen = client.cookies["sessionid"].value
    assert "Log out?" in client.get("/logout/").content.decode()
    assert client.get("/api/jobs/").status_code == 200, "a link logs nobody out"
    assert client.post("/logout/").headers["Location"] == "/login/"
    client.cookies["sessionid"] = stolen
    assert client.get("/api/jobs/").status_code == 401


def test_an_api_call_without_a_login_is_a_problem(as_role: Login) -> None:
    response = as_role().get("/api/jobs/")
    assert problem_of(response, 401)["code"] == "login_required"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_htmx_is_sent_to_the_login_page_and_back_to_what_is_shown(as_role: Login) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/7/?q=x"}
    response = as_role().get("/status-tabs/", headers=headers)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/login/?next=%2Fjobs%2F7%2F%3Fq%3Dx"
    shown = {"HX-Request": "true", "HX-Current-URL": "http://testserver/?q=wi"}
    typed = as_role().get("/?q=wing", headers=shown)
    assert typed.headers["HX-Redirect"] == "/login/?next=%2F%3Fq%3Dwing"
    forged = {"HX-Request": "true", "HX-Current-URL": "https://evil.example//x.example/"}
    assert as_role().get("/", headers=forged).headers["HX-Redirect"].startswith("/login/?next=%2F")


def test_scripts_that_fetch_are_told_with_a_status(as_role: Login) -> None:
    response = as_role().get("/live/", headers={"Sec-Fetch-Dest": "empty"})
    assert (response.status_code, response.content) == (401, b"You are not logged in.")


def test_every_page_says_who_is_logged_in(as_role: Login) -> None:
    client = as_role("operator")
    for path in ("/", "/trash/", "/operations/", "/api/docs/", "/nothing/", "/account/password/"):
        page = client.get(path).content.decode()
        assert "otto" in text_of(page), path
        assert 'action="/logout/"' in page, path
    assert "/logout/" not in Client().get("/login/").content.decode()


def test_a_deactivated_account_is_out_at_once(as_role: Login) -> None:
    client = as_role("admin")
    User.objects.update(is_active=False)
    assert client.get("/api/jobs/").status_code == 401


def test_a_changed_password_ends_other_sessions(as_role: Login) -> None:
    client, user = as_role("admin"), User.objects.get()
    user.set_password("another password")
    user.save()
    assert client.get("/api/jobs/").status_code == 401


def test_the_cookies_are_hidden_from_scripts_and_other_sites(
    as_role: Login, user: Callable[[str], User]
) -> None:
    user("operator")
    client = as_role()
    log_in(client)
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert csrf["samesite"] == "Lax"


def test_passwords_are_stored_with_argon2() -> None:
    assert make_password(PASSWORD).startswith("argon2$argon2id$")


def test_nobody_can_sign_up_and_no_account_is_there(as_role: Login) -> None:
    assert not User.objects.exists()
    for path in ("/signup/", "/accounts/signup/", "/login/signup/", "/admin/"):
        assert as_role().get(path).status_code == 404


def test_a_password_is_changed_with_the_old_one(
    as_role: Login, user: Callable[[str], User]
) -> None:
    user("operator")
    here, elsewhere = as_role(), as_role()
    log_in(here)
    log_in(elsewhere)
    new = {"password1": "another long phrase", "password2": "another long phrase"}
    refused = here.post("/account/password/", {"oldpassword": "wrong", **new})
    assert "current password" in text_of(refused.content.decode())
    changed = here.post("/account/password/", {"oldpassword": PASSWORD, **new}, follow=True)
    assert "Your password is changed" in changed.content.decode()
    assert here.get("/api/jobs/").status_code == 200
    assert elsewhere.get("/api/jobs/").status_code == 401
    assert "Confirm that it’s you" in here.get("/account/confirm/").content.decode()


def test_what_has_expired_is_deleted(as_role: Login, user: Callable[[str], User]) -> None:
    user("operator")
    log_in(as_role())
    log_in(as_role(), password="wrong")  # noqa: S106  # it is
    kept = maintain()
    assert (kept["sessions"], kept["attempts to log in"]) == (0, 0)
    database_rows("UPDATE django_session SET expire_date = now() - interval '1 s'")
    database_rows("UPDATE login_limit SET expires = now() - interval '1 s'")
    assert maintain()["sessions"] == 1
    assert database_rows("SELECT count(*) FROM login_limit") == [(0,)]
