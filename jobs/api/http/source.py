"""The header by which the dashboard's own pages say that a person changed something there."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from jobs.access.principal import principal_of
from jobs.api.problems.exceptions import InvalidHeader
from jobs.changes.reports import Report
from jobs.mistakes import quoted
from jobs.sources import Source

HEADER: Final = "Change-Source"
# Other sources are not reported by clients.
SOURCES: Final = {source.value: source for source in (Source.API, Source.PAGE)}

CHANGE_SOURCE: Final = OpenApiParameter(
    HEADER,
    {"type": "string", "enum": list(SOURCES), "default": Source.API.value},
    OpenApiParameter.HEADER,
    description="The `source` of the entry in the status history. The dashboard's own pages send `page`; other clients omit the"
    " header.",
)


def source_of(request: Request) -> Source:
    """Raises InvalidHeader."""
    value = request.META.get("HTTP_CHANGE_SOURCE")
    if value is None:
        return Source.API
    if value not in SOURCES:
        detail = f"{quoted(value)} is not a valid {HEADER}. Allowed: {', '.join(SOURCES)}."
        raise InvalidHeader(HEADER, detail)
    return SOURCES[value]


def actor_of(request: Request) -> int | None:
    """The id of the user who makes the request; None in open mode."""
    return principal_of(request).actor


def report_of(request: Request, values: dict[str, Any]) -> Report:
    """How the request reports its status; takes what it says of that out of its validated values."""
    reason, occurred_at = values.pop("reason", None), values.pop("occurred_at", None)
    return Report(source_of(request), reason, occurred_at, actor_of(request))
