"""The headers for conditional requests and idempotency in the OpenAPI schema."""

from typing import Final

from drf_spectacular.utils import OpenApiParameter, extend_schema

from jobs.idempotency_store import LIFETIME
from jobs.limits import duration_text

HEADER: Final = OpenApiParameter.HEADER
RECORD_LIFETIME: Final = duration_text(LIFETIME.total_seconds())
# 1 to 255 visible ASCII characters, bare or, as in the draft, a quoted string (RFC 9651). A bare key has no comma:
# servers join repeated headers with one, which would turn two keys into a third.
KEY: Final = r'([!#-+\--~][!-+\--~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")'
TAGS: Final = r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'

ETAG = OpenApiParameter(
    "ETag",
    str,
    HEADER,
    description="The job's version: its `updated_at` in quotes, the same in all responses.",
    response=[200, 201, 304],
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": TAGS},
    HEADER,
    description="Change the job only if its current version is one of these; `*` matches any version. Weak entity tags"
    " never match. The check and the change are atomic: of two concurrent changes to the same version, only one succeeds.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "pattern": TAGS},
    HEADER,
    description="The versions that the client has; if the job's current version is one of them, the response is 304.",
)

describe_idempotent = extend_schema(
    parameters=[
        OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "pattern": f"^{KEY}$"},
            HEADER,
            description="A key that the client generates for this request, ideally a UUID in quotes. If the same request"
            f" (key, method, URL and body) is sent again within {RECORD_LIFETIME}, it is not executed again: the response"
            " is that of the first. The key of a request that fails can be used again.",
        ),
        OpenApiParameter(
            "Idempotent-Replayed",
            {"type": "string", "const": "true"},
            HEADER,
            description="Present only if the response is that of an earlier request.",
            response=[200, 201, 202, 204],
        ),
        OpenApiParameter(
            "Retry-After",
            int,
            HEADER,
            description="In seconds; only with `request_in_flight`.",
            response=[409],
        ),
    ]
)
