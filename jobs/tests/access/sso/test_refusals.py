"""What the provider has not signed for this login changes nothing, and the page says what happened."""

import json
from collections.abc import Callable
from threading import Event
from time import sleep
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.auth.models import User
from django.test import Client

from jobs.sso import http
from jobs.sso import provider as providers
from jobs.tests.access.sso.conftest import LogIn
from jobs.tests.access.sso.provider import SECRET, Claims, Provider, key
from jobs.tests.factories import database_rows

WELL_KNOWN = "/.well-known/openid-configuration"


def by_public_key(claims: Claims) -> str:
    """An old attack: what everybody knows, as the secret of a symmetric signature."""
    public = key(1).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = jwt.PyJWS()
    return _unchecked(jwk, claims, public)


def _unchecked(signer: Any, claims: Claims, secret: bytes) -> str:
    algorithm = signer.get_algorithm_by_name("HS256")
    algorithm.prepare_key = lambda key: key  # the library would refuse to sign with a public key
    text: str = signer.encode(json.dumps(claims).encode(), secret, "HS256", {"kid": "key-1"})
    return text


FORGED: dict[str, Callable[[Claims], str | None]] = {
    "another key": lambda claims: jwt.encode(claims, key(2), "RS256", {"kid": "key-1"}),
    "an unknown key": lambda claims: jwt.encode(claims, key(2), "RS256", {"kid": "key-2"}),
    "no signature": lambda claims: jwt.encode(claims, "", "none", {"kid": "key-1"}),
    "the client's secret": lambda claims: jwt.encode(claims, SECRET * 2, "HS256", {"kid": "key-1"}),
    "the public key": by_public_key,
    "another algorithm": lambda claims: jwt.encode(claims, key(1), "PS256", {"kid": "key-1"}),
    "no token": lambda claims: None,
    "no JWT": lambda claims: "eyJ.x.y",
    "an empty token": lambda claims: "",
}
WRONG: dict[str, Claims] = {
    "another issuer": {"iss": "https://evil.example"},
    "another client": {"aud": "another"},
    "several clients": {"aud": ["dashboard", "another"]},
    "another party": {"azp": "another"},
    "expired": {"exp": 1_000_000_000},
    "no expiry": {"exp": None},
    "from the future": {"iat": 9_000_000_000},
    "another login": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "nobody": {"sub": ""},
    "a long name": {"sub": "x" * 256},
    "a number": {"sub": 7},
    "what is no text": {"sub": "a\0b"},
}


def assert_refused(client: Client, response: Any, status: int, text: str) -> None:
    assert response.status_code == status
    page = response.content.decode()
    assert text in page
    assert "<h1>Not logged in</h1>" in page
    assert client.get("/api/jobs/").status_code == 401
    assert not User.objects.exists()


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_is_refused(provider: Provider, log_in: LogIn, how: str) -> None:
    provider.sign = FORGED[how]
    client = Client()
    assert_refused(client, log_in(client), 403, "What Acme answered could not be verified.")


@pytest.mark.parametrize("how", WRONG)
def test_a_token_for_something_else_is_refused(provider: Provider, log_in: LogIn, how: str) -> None:
    wrong = WRONG[how]
    provider.sign = lambda claims: provider.signed(
        {name: value for name, value in {**claims, **wrong}.items() if value is not None}
    )
    client = Client()
    assert_refused(client, log_in(client), 403, "What Acme answered could not be verified.")


ANSWERS: dict[str, Callable[[], tuple[int, bytes]]] = {
    "an error": lambda: (500, b"{}"),
    "a redirect": lambda: (302, b""),
    "no JSON": lambda: (200, b"<html>"),
    "no object": lambda: (200, b"[1]"),
    "deep": lambda: (200, b"[" * 100_000),
    "huge": lambda: (200, b" " * 300_000),
}


@pytest.mark.parametrize("path", ["/token", "/keys"])
@pytest.mark.parametrize("how", ANSWERS)
def test_a_provider_that_fails_is_reported(
    provider: Provider, log_in: LogIn, path: str, how: str
) -> None:
    provider.answers[path] = ANSWERS[how]
    client = Client()
    assert_refused(client, log_in(client), 502, "Acme does not answer as it should.")


def test_a_slow_provider_is_given_up(
    provider: Provider, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SECONDS", 0.1)

    def late() -> tuple[int, bytes]:
        sleep(0.5)
        return 200, b"{}"

    provider.answers["/token"] = late
    client = Client()
    assert_refused(client, log_in(client), 502, "Acme does not answer as it should.")


RAW = {
    "no HTTP": b"SSH-2.0\r\n\r\n",
    "a long header": b"HTTP/1.0 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n{}",
    "a length that is not sent": b"HTTP/1.0 200 OK\r\nContent-Length: 1000000000000\r\n\r\n{",
    "a chunk that is not sent": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
}


@pytest.mark.parametrize("how", RAW)
def test_a_response_that_is_no_http_is_reported(
    provider: Provider, log_in: LogIn, how: str
) -> None:
    provider.raw["/keys"] = lambda out: out.write(RAW[how])
    client = Client()
    assert_refused(client, log_in(client), 502, "Acme does not answer as it should.")


def test_headers_that_trickle_are_given_up(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SECONDS", 0.2)
    was_read = Event()

    def trickle(out: Any) -> None:
        out.write(b"HTTP/1.0 200 OK\r\nX: ")
        for _ in range(1_000):
            out.write(b"x")
            sleep(0.01)
        was_read.set()

    provider.raw[WELL_KNOWN] = trickle
    client = Client()
    assert_refused(client, client.get("/login/sso/"), 502, "Acme does not answer as it should.")
    assert not was_read.is_set()


def test_a_provider_that_fails_is_left_alone_for_a_moment(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.answers[WELL_KNOWN] = ANSWERS["an error"]
    assert [Client().get("/login/sso/").status_code for _ in range(3)] == [502, 502, 502]
    assert provider.asked[WELL_KNOWN] == 1
    monkeypatch.setattr(providers, "PAUSE_SECONDS", 0.0)
    del provider.answers[WELL_KNOWN]
    assert Client().get("/login/sso/").status_code == 302


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "https://sso.example.com/\r\nSet-Cookie: a=b"},
    ],
)
def test_a_provider_that_leads_elsewhere_is_refused(provider: Provider, document: Claims) -> None:
    own = json.loads(provider.respond(WELL_KNOWN, b"", "")[1])
    provider.answers[WELL_KNOWN] = lambda: (200, json.dumps(own | document).encode())
    client = Client()
    assert_refused(
        client, client.get("/login/sso/"), 403, "What Acme answered could not be verified."
    )


def test_a_login_belongs_to_the_browser_that_began_it(provider: Provider) -> None:
    victim, attacker = Client(), Client()
    place = provider.log_in(attacker.get("/login/sso/")["Location"], groups=["crew"])
    assert_refused(victim, victim.get(place), 403, "This login was not begun in this browser")
    victim.get("/login/sso/")
    assert_refused(victim, victim.get(place), 403, "This login was not begun in this browser")


def test_a_response_is_used_once(provider: Provider) -> None:
    client = Client()
    place = provider.log_in(client.get("/login/sso/")["Location"], groups=["crew"])
    assert client.get(place).status_code == 302
    client.post("/logout/")
    assert client.get(place).status_code == 403
    assert client.get("/api/jobs/").status_code == 401


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("access_denied", "The login at Acme was canceled."),
        ("server_error", "Acme reported an error."),
        ("<script>", "Acme reported an error."),
    ],
)
def test_an_error_of_the_provider_is_told(provider: Provider, error: str, text: str) -> None:
    client = Client()
    state = provider.log_in(client.get("/login/sso/")["Location"]).partition("state=")[2]
    response = client.get("/login/sso/callback/", {"error": error, "state": state})
    assert_refused(client, response, 403, text)
    assert "<script>" not in response.content.decode()


def test_a_response_of_another_issuer_is_refused(provider: Provider) -> None:
    client = Client()
    place = provider.log_in(client.get("/login/sso/")["Location"], groups=["crew"])
    response = client.get(f"{place}&iss=https://evil.example")
    assert_refused(client, response, 403, "could not be verified")
    assert provider.asked["/token"] == 0


def test_new_keys_are_fetched_and_forged_ones_are_not_asked_for(
    provider: Provider, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert log_in(Client()).status_code == 302
    provider.sign = FORGED["an unknown key"]
    assert [log_in(Client()).status_code for _ in range(3)] == [403, 403, 403]
    assert provider.asked["/keys"] == 1
    monkeypatch.setattr(providers, "LEAST_SECONDS", 0.0)
    provider.sign, provider.key_number = provider.signed, 3
    assert log_in(Client()).status_code == 302
    assert provider.asked["/keys"] == 2


def test_refusals_are_in_the_audit(provider: Provider, log_in: LogIn) -> None:
    provider.sign = FORGED["no token"]
    log_in(Client())
    assert database_rows("SELECT kind, name, detail FROM audit_event") == [
        ("login_failed", "", "single sign-on: unverified")
    ]


def test_what_the_provider_sends_is_one_line_of_the_log(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    state = provider.log_in(client.get("/login/sso/")["Location"]).partition("state=")[2]
    client.get("/login/sso/callback/", {"error": "a\nforged", "state": state})
    found = [each.getMessage() for each in caplog.records if "single_sign_on" in each.name]
    assert found == [r"Single sign-on was refused: 'provider_error: a\nforged'"]
