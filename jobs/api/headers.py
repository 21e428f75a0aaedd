"""What the schema says of the headers of versions."""

from typing import Final

from drf_spectacular.utils import OpenApiParameter

HEADER: Final = OpenApiParameter.HEADER
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
