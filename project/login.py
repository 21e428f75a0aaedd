"""The middleware of login mode. Open mode has none of it, and keeps no sessions."""

from collections.abc import Sequence
from typing import Final

GUARD: Final = "project.guard.Guard"


def login_middleware(middleware: Sequence[str]) -> list[str]:
    """Sessions and accounts, before the guard that asks for them."""
    place = middleware.index(GUARD)
    return [
        *middleware[:place],
        "project.sessions.sessions",
        *middleware[place:],
    ]
