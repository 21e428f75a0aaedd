"""The way to the provider and back. What must be the same at both ends is in a signed cookie of this browser."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from functools import lru_cache
from hmac import compare_digest
from time import time
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import quote_plus, urlencode

import jwt
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from jwt.exceptions import PyJWTError

from jobs.sso.configuration import SingleSignOn
from jobs.sso.http import send
from jobs.sso.provider import Provider
from jobs.sso.refusals import Reason, Refused

Purpose = Literal["login", "confirm"]

SALT: Final = "job-dashboard.single-sign-on"
SECONDS: Final = 600
LEEWAY_SECONDS: Final = 60
# None that is symmetric: the client's secret is no key of the provider, and `none` signs nothing.
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)
REQUIRED: Final = ["exp", "iat", "iss", "aud", "sub"]
MAX_TEXT: Final = 255
# Browsers drop cookies of more than 4,096 bytes with their name and attributes.
MAX_COOKIE: Final = 3_500


class Begun(NamedTuple):
    """What the cookie has. `back`: where the user wanted to go."""

    purpose: Purpose
    back: str
    state: str
    nonce: str
    verifier: str
    at: int


class Finished(NamedTuple):
    """Whom the provider has authenticated, when, and why it was asked. `at` is 0 if it does not say when."""

    claims: Mapping[str, Any]
    at: float
    purpose: Purpose
    back: str


@lru_cache(maxsize=4)
def provider_of(configuration: SingleSignOn) -> Provider:
    return Provider(configuration)


def begin(request: HttpRequest, purpose: Purpose, back: str) -> HttpResponse:
    """The redirect to the provider. Raises Refused if it cannot be found."""
    configuration = _configuration()
    endpoint = provider_of(configuration).metadata["authorization_endpoint"]
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    begun = Begun(purpose, back, state, nonce, verifier, int(time()))
    cookie = signing.dumps(begun, salt=SALT)
    if len(cookie) > MAX_COOKIE:
        cookie = signing.dumps(begun._replace(back="/"), salt=SALT)
    asked = {
        "response_type": "code",
        "client_id": configuration.client_id,
        "redirect_uri": _callback(request),
        "scope": " ".join(configuration.scopes),
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": _challenge(begun.verifier),
        "code_challenge_method": "S256",
    }
    if purpose == "confirm":
        asked |= {"prompt": "login", "max_age": "0"}
    response = HttpResponseRedirect(
        f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"
    )
    response.set_cookie(
        settings.SSO_COOKIE_NAME,
        cookie,
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response["Cache-Control"] = "no-store"
    return response


def finish(request: HttpRequest) -> Finished:
    """Checks what came back. Raises Refused."""
    begun = _begun(request)
    configuration = _configuration()
    provider = provider_of(configuration)
    answered = request.GET
    named = answered.get("iss", configuration.issuer)
    must_name = provider.metadata.get("authorization_response_iss_parameter_supported") is True
    if named != configuration.issuer or (must_name and "iss" not in answered):
        raise Refused(Reason.UNVERIFIED, "the response is of another issuer")
    if error := answered.get("error"):
        is_denied = error in {"access_denied", "login_required", "interaction_required"}
        raise Refused(Reason.DENIED if is_denied else Reason.PROVIDER_ERROR, error[:MAX_TEXT])
    if not (code := answered.get("code")):
        raise Refused(Reason.PROVIDER_ERROR, "the response has no code")
    tokens = _tokens(request, provider, code, begun)
    claims = _claims(provider, tokens.get("id_token"), begun)
    at = _authenticated_at(claims)
    if begun.purpose == "confirm" and at < begun.at - LEEWAY_SECONDS:
        raise Refused(Reason.NOT_ASKED, f"auth_time is {claims.get('auth_time')!r:.50}")
    return Finished(claims, at, begun.purpose, begun.back)


def _begun(request: HttpRequest) -> Begun:
    try:
        found = signing.loads(
            request.COOKIES.get(settings.SSO_COOKIE_NAME, ""), salt=SALT, max_age=SECONDS
        )
        begun = Begun(*found)
    except (signing.BadSignature, TypeError):
        raise Refused(Reason.NOT_BEGUN) from None
    if not compare_digest(begun.state.encode(), request.GET.get("state", "").encode()):
        raise Refused(Reason.NOT_BEGUN, "the state is another one")
    return begun


def _tokens(request: HttpRequest, provider: Provider, code: str, begun: Begun) -> dict[str, Any]:
    configuration = provider.configuration
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _callback(request),
        "code_verifier": begun.verifier,
    }
    headers = {}
    methods = provider.metadata.get("token_endpoint_auth_methods_supported", [])
    if configuration.client_secret and "client_secret_post" not in methods:
        pair = f"{quote_plus(configuration.client_id)}:{quote_plus(configuration.client_secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:  # preferred, since not all providers decode what the header requires to be encoded
        form["client_id"] = configuration.client_id
        if configuration.client_secret:
            form["client_secret"] = configuration.client_secret
    return send(provider.metadata["token_endpoint"], form, headers)


def _claims(provider: Provider, token: Any, begun: Begun) -> dict[str, Any]:
    """Those of an ID token that the provider has signed for this dashboard and for this login."""
    configuration = provider.configuration
    if not isinstance(token, str):
        raise Refused(Reason.UNVERIFIED, "there is no ID token")
    try:
        header = jwt.get_unverified_header(token)
        key = provider.key(header.get("kid"))
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name] if key.algorithm_name in ALGORITHMS else [],
            audience=configuration.client_id,
            issuer=configuration.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED},
        )
    except (PyJWTError, TypeError, ValueError) as error:
        raise Refused(Reason.UNVERIFIED, f"the ID token: {error}") from None
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if (
        claims.get("azp", configuration.client_id if len(audiences) == 1 else None)
        != configuration.client_id
    ):
        raise Refused(Reason.UNVERIFIED, "the ID token is for another client")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not compare_digest(nonce.encode(), begun.nonce.encode()):
        raise Refused(Reason.UNVERIFIED, "the ID token is of another login")
    subject = claims["sub"]
    if not (isinstance(subject, str) and subject.isprintable() and 0 < len(subject) <= MAX_TEXT):
        raise Refused(Reason.UNVERIFIED, "the ID token names nobody")
    return claims


def _authenticated_at(claims: Mapping[str, Any]) -> float:
    at, now = claims.get("auth_time"), time()
    if isinstance(at, int | float) and 0 <= at <= now + LEEWAY_SECONDS:
        return min(at, now)
    return 0.0


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sso_callback"))


def _configuration() -> SingleSignOn:
    configuration: SingleSignOn | None = settings.SINGLE_SIGN_ON
    if configuration is None:
        raise RuntimeError("No provider is set.")
    return configuration
