"""Open mode is for one person on one machine: the server refuses to start where others could reach it."""

from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from jobs.hosts import is_loopback

LOOPBACK_HOSTS: Final = ["localhost", "127.0.0.1", "[::1]"]

REMEDY: Final = (
    "Without a login, everybody who reaches the dashboard may change and delete all jobs. Choose one:"
    "\n  ACCESS=login           people log in; `make admin` makes the first account"
    "\n  OPEN_TO_EVERYBODY=yes  everybody who reaches it may do everything"
    "\nor leave {name} as it is by default."
)


def require_guarded(
    access: str,
    is_open_to_everybody: bool,
    hosts: Iterable[str],
    addresses: Iterable[str] = (),
    published_on: str = "",
) -> None:
    """Raises ImproperlyConfigured in open mode, if a host or an address is not this machine alone.

    In a container, the server listens on every address, and what counts is where the port is published.
    """
    if access != "open" or is_open_to_everybody:
        return
    for host in hosts:
        if not is_loopback(host):
            _refuse("ALLOWED_HOSTS", f"serves the host name {host}")
    name = "PUBLISHED_ON" if published_on else "WEB_BIND"
    for address in [published_on] if published_on else addresses:
        if not is_loopback(address):
            _refuse(name, f"listens on {address or 'every address'}")


def _refuse(name: str, what: str) -> None:
    raise ImproperlyConfigured(
        f"The dashboard does not start: it {what} ({name}), with ACCESS=open.\n"
        + REMEDY.format(name=name)
    )
