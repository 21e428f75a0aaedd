"""Who makes a request: a person, a program, nobody, or, in open mode, everybody."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, Final


class Role(IntEnum):
    """A higher role may do whatever a lower one may. Groups have the same names."""

    NOBODY = 0
    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Scope(StrEnum):
    """What a token may do at most; its user's role still applies."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Principal:
    user_id: int | None
    name: str
    role: Role
    scope: Scope | None = None
    """None for a session, which may do all that the role allows."""
    token_id: int | None = None
    lacks_factor: bool = False
    """Whether a second factor is required, and the user of the session has none."""

    @property
    def is_known(self) -> bool:
        """Whether there is somebody to name: not so for anonymous requests, and in open mode."""
        return bool(self.name)

    @property
    def actor(self) -> int | None:
        """What is recorded beside a change: the user's id; null in open mode."""
        return self.user_id


ANONYMOUS: Final = Principal(None, "", Role.NOBODY)

EVERYBODY: Final = Principal(None, "", Role.ADMIN)
"""In open mode, each request is made by this principal."""


def principal_of(request: Any) -> Principal:
    """The principal of Django's request, or of the REST framework's. A request that passed no guard is anonymous."""
    principal: Principal = getattr(request, "principal", ANONYMOUS)
    return principal
