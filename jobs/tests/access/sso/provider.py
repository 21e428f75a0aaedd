"""A provider of OpenID Connect over real HTTP, which can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT = "dashboard"
POLL_SECONDS = 0.01  # how long the end of a test waits for that of its provider
SECRET = "a secret: with % and +"  # noqa: S105  # of the tests' client

Claims = dict[str, Any]


@cache
def key(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """`sign` makes the ID token of these claims. `answers` replaces the response of a path: a status, a body.

    `raw` writes the response of a path itself.
    """

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key_number = 1
        self.codes: dict[str, tuple[dict[str, str], Claims]] = {}
        self.asked: Counter[str] = Counter()
        self.answers: dict[str, Callable[[], tuple[int, bytes]]] = {}
        self.raw: dict[str, Callable[[Any], None]] = {}
        self.sign: Callable[[Claims], str | None] = self.signed

    @property
    def key_id(self) -> str:
        return f"key-{self.key_number}"

    def signed(self, claims: Claims) -> str:
        return jwt.encode(claims, key(self.key_number), "RS256", {"kid": self.key_id})

    def log_in(self, location: str, **claims: Any) -> str:
        """Where the provider sends the browser, whose user has logged in there."""
        asked = dict(parse_qsl(urlsplit(location).query))
        code = secrets.token_urlsafe()
        self.codes[code] = (
            asked,
            {
                "iss": self.issuer,
                "aud": CLIENT,
                "sub": "1",
                "iat": int(time()),
                "exp": int(time()) + 300,
                "nonce": asked["nonce"],
                **claims,
            },
        )
        return f"{urlsplit(asked['redirect_uri']).path}?code={code}&state={asked['state']}"

    def respond(self, path: str, body: bytes, authorization: str) -> tuple[int, bytes]:
        self.asked[path] += 1
        if path in self.answers:
            return self.answers[path]()
        match path:
            case "/.well-known/openid-configuration":
                found: Any = {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                }
            case "/keys":
                public = json.loads(RSAAlgorithm.to_jwk(key(self.key_number).public_key()))
                found = {"keys": [public | {"kid": self.key_id, "use": "sig", "alg": "RS256"}]}
            case "/token":
                found = self._token(parse_qs(body.decode()), authorization)
            case _:
                return 404, b"{}"
        return (
            (400, b'{"error": "invalid_grant"}')
            if found is None
            else (200, json.dumps(found).encode())
        )

    def _token(self, form: dict[str, list[str]], authorization: str) -> Claims | None:
        asked, claims = self.codes.pop(form["code"][0], (None, {}))
        pair = "dashboard:a+secret%3A+with+%25+and+%2B"
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        if (
            asked is None
            or authorization != f"Basic {base64.b64encode(pair.encode()).decode()}"
            or form["redirect_uri"] != [asked["redirect_uri"]]
            or asked["code_challenge_method"] != "S256"
            or asked["code_challenge"] != base64.urlsafe_b64encode(digest).decode().rstrip("=")
        ):
            return None
        token = self.sign(claims)
        return {"access_token": "x", "token_type": "Bearer"} | (
            {"id_token": token} if token is not None else {}
        )


@contextmanager
def running() -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            path = urlsplit(self.path).path
            with suppress(OSError):  # the client may have given up
                if path in provider.raw:
                    provider.raw[path](self.wfile)
                else:
                    self._send(*provider.respond(path, body, self.headers.get("Authorization", "")))

        def _send(self, status: int, text: bytes) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{provider.issuer}/keys")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            """The tests do not read it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_port)
    Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
