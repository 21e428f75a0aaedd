"""The error codes of API tokens."""

from typing import Final

from jobs.access.tokens.refusals import (
    ExpiredToken,
    InvalidToken,
    NetworkNotAllowed,
    RevokedToken,
    TokenRefused,
)
from jobs.api.openapi.error_examples import ErrorCode
from jobs.api.problems import error_views


def _refused(kind: type[TokenRefused], when: str) -> ErrorCode:
    return ErrorCode(401, when, lambda: error_views.token_refused(None, kind()))


TOKEN_CODES: Final[dict[str, ErrorCode]] = {
    "invalid_token": _refused(
        InvalidToken, "The token is incomplete, mistyped or unknown; nothing was changed."
    ),
    "revoked_token": _refused(
        RevokedToken, "The token was revoked, or its user deactivated; nothing was changed."
    ),
    "expired_token": _refused(ExpiredToken, "The token has expired; nothing was changed."),
    "network_not_allowed": _refused(
        NetworkNotAllowed,
        "The token must not be used from the address of the client; nothing was changed.",
    ),
}
