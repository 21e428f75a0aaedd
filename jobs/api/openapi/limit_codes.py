"""The error codes of what one user, token or address may do at most."""

from typing import Final

from jobs.access.rates.limit import Allowance, Limit
from jobs.api.openapi.error_examples import ErrorCode, raised
from jobs.api.problems import error_views, transfers

REFUSED: Final = Allowance(
    Limit("requests", per_second=100, burst=1_000), is_granted=False, remaining=0, seconds=1
)

LIMIT_CODES: Final[dict[str, ErrorCode]] = {
    "rate_limited": ErrorCode(
        429,
        "The token, the user or the address has sent too many requests; nothing was changed. Retry after `Retry-After`"
        " seconds.",
        lambda: error_views.rate_limited(None, REFUSED),
    ),
    "concurrency_limited": ErrorCode(
        429,
        "The user has as many exports and imports, or clients that wait for events, as one user may have at once; nothing"
        " was changed.",
        raised(transfers.TransfersLimited()),
    ),
}
