"""Conditional requests: ETag, If-Match and If-None-Match (RFC 9110, section 13).

The entity tag of a job or a view is its updated_at in quotes, so clients can also derive it from a row of a list.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.problems.exceptions import InvalidHeader
from jobs.changes.versions import Versions
from jobs.rows import JobRow

ANY: Final = "*"
# An element of a list of tags, which may be empty, with its comma or the end of the header. It does not backtrack.
ELEMENT: Final = re.compile(r'[ \t]*+(?:(W/)?"([!#-~\x80-\xff]*+)"[ \t]*+)?(?:,|\Z)')

Tags = list[tuple[str, bool]]


def job_response(
    job: JobRow, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A response with one job and its ETag."""
    return tagged_response(job.content(), job.updated_at, status, headers)


def tagged_response(
    content: dict[str, Any],
    version: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return Response(content, status, headers={"ETag": _tag(version), **(headers or {})})


def conditional_response(
    request: Request, version: str, content: Callable[[], dict[str, Any]]
) -> Response:
    """The content, or 304 if its version matches If-None-Match. Caches must revalidate, as it can change at any time."""
    known = _tags(request, "If-None-Match")
    if known is not None and (known == ANY or version in dict(known)):
        return Response(status=304, headers={"ETag": _tag(version), "Cache-Control": "no-cache"})
    return tagged_response(content(), version, headers={"Cache-Control": "no-cache"})


def if_match_versions(request: Request) -> Versions | None:
    """The versions in If-Match, or None for any version. Weak tags are left out, as one may match several versions.

    Raises InvalidHeader.
    """
    if "HTTP_IF_NONE_MATCH" in request.META:
        detail = "If-None-Match applies only to GET. To change a specific version, use If-Match."
        raise InvalidHeader("If-None-Match", detail, "misplaced")
    tags = _tags(request, "If-Match")
    if tags is None or tags == ANY:
        return None
    return [text for text, is_strong in tags if is_strong]


def _tag(version: str) -> str:
    return f'"{version}"'


def _tags(request: Request, header: str) -> Tags | Literal["*"] | None:
    """Each tag's text and whether it is strong; None without the header, ANY for `*`. Raises InvalidHeader."""
    value = request.META.get(f"HTTP_{header.upper().replace('-', '_')}")
    if value is None:
        return None
    if value.strip(" \t") == ANY:
        return ANY
    tags: Tags = []
    at = 0
    while at < len(value):
        element = ELEMENT.match(value, at)
        if element is None:
            break
        weak, text = element.groups()
        if text is not None:
            tags.append((text, weak is None))
        at = element.end()
    else:
        if tags:
            return tags
    raise InvalidHeader(
        header, f'{header} must be * or quoted entity tags, such as "2026-11-22T10:00:00.000000Z".'
    )
