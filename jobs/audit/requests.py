"""What the user of a request does, as an entry of the audit log."""

from __future__ import annotations

from typing import Any

from jobs.access.addresses import client_address
from jobs.access.principal import principal_of
from jobs.audit.kinds import Kind
from jobs.audit.recording import Entry, record_if_possible


def record_request(request: Any, kind: Kind, detail: str = "") -> None:
    """Where people log in. The request, Django's or the REST framework's, does not depend on it."""
    principal = principal_of(request)
    user = principal.actor
    if user is not None:
        record_if_possible(Entry(kind, principal.name, user, user, client_address(request), detail))
