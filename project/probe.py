"""`python -m project.probe http://127.0.0.1:8000`: exits with 0 if the dashboard and its database respond, else with 1.

A read-only database counts as healthy: the dashboard still serves pages and lists.

Standard library only: `make` runs it before any package is installed.
"""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

READ_ONLY = b'"database_read_only"'
MAX_BODY_BYTES = 4_096
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


def is_healthy(
    address: str, environment: Mapping[str, str] = os.environ, seconds: float = 5
) -> bool:
    """Whether the server at the address and its database respond."""
    # Bypasses a configured proxy, which cannot reach this machine's 127.0.0.1.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"{address}/api/health/")  # noqa: S310  # the address is ours
    if host := allowed_host(environment.get("ALLOWED_HOSTS", "")):
        port = urlsplit(address).port
        request.add_header("Host", host if port is None else f"{host}:{port}")
    try:
        with direct.open(request, timeout=seconds) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError as error:
        return READ_ONLY in error.read(MAX_BODY_BYTES)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def allowed_host(allowed_hosts: str) -> str | None:
    """A host name that the server accepts, to be sent as Host; None if it accepts the address itself."""
    names = [name.strip() for name in allowed_hosts.split(",") if name.strip()]
    if not names or "*" in names or any(name in LOCAL_NAMES for name in names):
        return next((name for name in names if name in LOCAL_NAMES), None)
    return names[0].removeprefix(".")


if __name__ == "__main__":
    sys.exit(0 if is_healthy(sys.argv[1], seconds=4) else 1)
