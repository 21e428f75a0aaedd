"""Which version of a job a request speaks of: ETag, If-Match and If-None-Match (RFC 9110, section 13).

A job's tag is its updated_at in quotes, so that a row of a list gives it as well as the job itself.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.refusals import BadHeader
from jobs.querysets import JobRow
from jobs.versions import Versions

ANY: Final = "*"
# One element of a list of tags, with its comma or the end; it may be empty. Nothing is tried twice.
ELEMENT: Final = re.compile(r'[ \t]*+(?:(W/)?"([!#-~\x80-\xff]*+)"[ \t]*+)?(?:,|\Z)')

Tags = list[tuple[str, bool]]


def job_response(
    job: JobRow, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer that is one job: with its tag, whatever the call."""
    return Response(job._asdict(), status, headers={"ETag": _tag(job), **(headers or {})})


def job_unless_known(request: Request, job: JobRow) -> Response:
    """The job, or 304 where If-None-Match has it. A cache asks again each time: a job changes at any moment."""
    known = _tags(request, "If-None-Match")
    if known is not None and (known == ANY or job.updated_at in dict(known)):
        return Response(status=304, headers={"ETag": _tag(job), "Cache-Control": "no-cache"})
    return job_response(job, headers={"Cache-Control": "no-cache"})


def meant_versions(request: Request) -> Versions | None:
    """What If-Match names; None where any version will do. A weak tag names none: it may stand for several.

    Raises BadHeader.
    """
    if "HTTP_IF_NONE_MATCH" in request.META:
        detail = "If-None-Match is for a GET. A change meant for one version says so with If-Match."
        raise BadHeader("If-None-Match", detail, "misplaced")
    meant = _tags(request, "If-Match")
    if meant is None or meant == ANY:
        return None
    return [text for text, is_strong in meant if is_strong]


def _tag(job: JobRow) -> str:
    return f'"{job.updated_at}"'


def _tags(request: Request, header: str) -> Tags | Literal["*"] | None:
    """Each tag's text and whether it is strong; None without the header, ANY for `*`. Raises BadHeader."""
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
    raise BadHeader(header, f'{header} is * or tags in quotes, like "2026-11-22T10:00:00.000000Z".')
