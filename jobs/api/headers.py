"""What the schema says of the headers of versions and of safe retries."""

from typing import Final

from drf_spectacular.utils import OpenApiParameter, extend_schema

HEADER: Final = OpenApiParameter.HEADER
# 1 to 255 visible ASCII characters: bare, or as the draft writes them, a string in quotes (RFC 9651). Bare it holds no
# comma: servers join two headers of one name with one, and would make a third key of two.
KEY: Final = r'([!#-+\--~][!-+\--~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")'
TAGS: Final = r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'

ETAG = OpenApiParameter(
    "ETag",
    str,
    HEADER,
    description="The job's version: its `updated_at` in quotes, the same in every call and list.",
    response=[200, 201, 304],
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": TAGS},
    HEADER,
    description="Change the job only if it is in this version, or in one of several; `*` matches any. A weak tag never"
    " matches. The version is checked under the lock of the change: of two changes meant for one version, one is made.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "pattern": TAGS},
    HEADER,
    description="The versions that the client has; the answer is 304 if the job is in one of them.",
)

describe_idempotent = extend_schema(
    parameters=[
        OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "pattern": f"^{KEY}$"},
            HEADER,
            description="A key that the client chooses for this one request, ideally a UUID in quotes. If the request is sent"
            " again within 24 hours, with the same key, method, address and body, nothing is done twice: the first answer is"
            " returned again. A refused request leaves its key free.",
        ),
        OpenApiParameter(
            "Idempotent-Replayed",
            {"type": "string", "const": "true"},
            HEADER,
            description="Only on an answer that is returned again.",
            response=[200, 201, 204],
        ),
        OpenApiParameter(
            "Retry-After",
            int,
            HEADER,
            description="In seconds; with `request_in_flight`.",
            response=[409],
        ),
    ]
)
