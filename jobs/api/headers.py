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
    description="The job's version: its `updated_at` in quotes, whichever call or list that is from.",
    response=[200, 201, 304],
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": TAGS},
    HEADER,
    description="Only if the job is in this version, or in one of several; `*` is any. A weak tag never matches. Looked at"
    " under the lock of the change itself: of two changes meant for one version, one is done.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "pattern": TAGS},
    HEADER,
    description="The versions that you have; 304 where the job is in one of them.",
)

describe_idempotent = extend_schema(
    parameters=[
        OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "pattern": f"^{KEY}$"},
            HEADER,
            description="Yours for this one request, best a UUID in quotes. Sent again with the same method, address and"
            " body within 24 hours, what was done is not done again: the answer is. A refusal is not kept, its key is free.",
        ),
        OpenApiParameter(
            "Idempotent-Replayed",
            {"const": "true"},
            HEADER,
            description="Only on an answer that is given again.",
            response=[200, 201],
        ),
        OpenApiParameter(
            "Retry-After",
            int,
            HEADER,
            description="Seconds; with `request_in_flight`.",
            response=[409],
        ),
    ]
)
