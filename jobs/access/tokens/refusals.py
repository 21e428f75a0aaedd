"""Why a token is refused. Each has a code of its own, since each has another remedy."""

from __future__ import annotations

from typing import ClassVar


class TokenRefused(Exception):
    """No text of a refusal has the token, or anything that a client sent."""

    code: ClassVar[str]
    detail: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.detail)

    @property
    def challenge(self) -> str:
        """The value of WWW-Authenticate (RFC 6750, 3)."""
        return f'Bearer realm="jobs", error="invalid_token", error_description="{self.detail}"'


class InvalidToken(TokenRefused):
    """It is not a token, is mistyped, does not exist, or its secret is wrong. Which one is not said."""

    code = "invalid_token"
    detail = "The token is not valid. Check that it is complete, or make a new one."


class RevokedToken(TokenRefused):
    """Also one whose user has been deactivated."""

    code = "revoked_token"
    detail = "The token was revoked. Make a new one."


class ExpiredToken(TokenRefused):
    code = "expired_token"
    detail = "The token has expired. Make a new one."


class NetworkNotAllowed(TokenRefused):
    code = "network_not_allowed"
    detail = (
        "The token must not be used from this address. Its page lists the networks that it allows."
    )
