"""What the app uses of its database backend beyond Django's, which project.postgresql.base provides.

All of it is optional: with Django's own backend, each function below does nothing. The app does not import the project,
so this is the only place that names these attributes.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, runtime_checkable

from django.db import DEFAULT_DB_ALIAS, connections


class Wait(Protocol):
    """A wait for the server in which the caller polls the connection's socket itself."""

    def check(self) -> None:
        """Raises OperationalError if the server does not respond."""

    def end(self, responded: bool) -> None: ...


@runtime_checkable
class Backend(Protocol):
    """The attributes that the connection may have."""

    def client_timeout(self, seconds: float) -> AbstractContextManager[None]: ...

    def new_wait(self) -> Wait | None: ...

    def mark_read_only(self) -> None: ...


def extended_timeout(seconds: float) -> AbstractContextManager[None]:
    """Lets the connection wait this long for the server, for statements that raise the statement timeout there."""
    backend = _backend()
    return backend.client_timeout(seconds) if backend else nullcontext()


def new_wait() -> Wait | None:
    """For code that waits on the connection's socket itself and has its own deadline."""
    backend = _backend()
    return backend.new_wait() if backend else None


def mark_read_only() -> None:
    """Reports that the database rejects changes."""
    if backend := _backend():
        backend.mark_read_only()


def is_commit_sent(error: BaseException) -> bool:
    """Whether the connection was lost after the statement that commits was sent, as the backend marks its errors."""
    return bool(getattr(error, "commit_sent", False))


def _backend() -> Backend | None:
    """The current thread's connection, if it is the project's."""
    current: object = connections[DEFAULT_DB_ALIAS]
    return current if isinstance(current, Backend) else None
