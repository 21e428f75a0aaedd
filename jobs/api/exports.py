"""The list as a file: what the JSON door's export takes, and how it is sent."""

import errno
from collections.abc import Iterable, Iterator
from typing import Final

from django.conf import settings
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from jobs.api import schema
from jobs.api.openapi import refuses
from jobs.api.serializers import JobSerializer
from jobs.api.transfers import Peer, Slot, over_time
from jobs.api.views import JsonAtOnce, JsonView
from jobs.exporting import Export
from jobs.filters import PARAMETERS, JobFilter
from jobs.paging import PAGING, InvalidFilter, Mistake
from jobs.written import FORMATS, Format

FORMAT: Final = "format"
DEFAULT_FORMAT: Final = "ndjson"
FILTERS: Final = tuple(name for name in PARAMETERS if name not in PAGING)
RETRY_AFTER: Final = 60

EXPORT = """\
Every job of the list, in its order, as of one moment, in the same memory and time per job at any length.

- `ndjson`: a line for each job, as `GET /api/jobs/{job_id}/` answers it
- `csv`: a head, then a row for each; names are quoted. A name that a spreadsheet would take for a formula, beginning
  with `=`, `+`, `-`, `@`, a tab or a line's end (their wide forms too), has an apostrophe before it, one more where
  it begins with apostrophes before such a character. Importing takes it away again.

`POST /api/jobs/import/` takes both back, as new jobs. What fails on the way breaks the connection off: a file that
ends well is whole."""

export_jobs = extend_schema(
    operation_id="export_jobs",
    summary="The whole list as a file",
    description=EXPORT,
    parameters=[
        OpenApiParameter(FORMAT, str, enum=list(FORMATS), default=DEFAULT_FORMAT),
        *schema.LIST_FILTERS,
        OpenApiParameter(
            "Content-Disposition",
            str,
            OpenApiParameter.HEADER,
            description="That it is a file, and its name, with the time in it.",
            response=[200],
        ),
    ],
    responses={
        (200, "application/x-ndjson"): OpenApiResponse(
            JobSerializer(many=True), "A line, or a row, for each job."
        ),
        (200, "text/csv"): {"type": "string"},
    },
    extensions=refuses("busy", "export_budget"),
)


class AnyAccept(JsonAtOnce):
    """The format is a parameter, so that a link can ask for it; a problem is JSON whatever is accepted."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        [renderer] = renderers
        return renderer, renderer.media_type


class ExportView(JsonView):
    content_negotiation_class = AnyAccept
    query_parameters = {"GET": (FORMAT, *FILTERS)}

    @export_jobs
    def get(self, request: Request) -> HttpResponseBase:
        job_filter, name = _parse(request)
        form = FORMATS[name]
        headers = {"Content-Disposition": _disposition(name), "Cache-Control": "no-store"}
        rows = () if request.method == "HEAD" else Download(job_filter, form, request)
        return StreamingHttpResponse(rows, content_type=form.media_type, headers=headers)


class Download:
    """An export on its way to a client. Gives back all it holds when it is closed."""

    def __init__(self, job_filter: JobFilter, form: Format, request: Request) -> None:
        self._peer = Peer(request)
        self._may_end_unseen = request.META.get("SERVER_PROTOCOL") == "HTTP/1.0"
        self._slot = Slot()
        self._export: Export | None = None
        try:
            self._export = Export(
                job_filter, form, settings.EXPORT_SECONDS, self._peer.descriptor, self._peer.knock
            )
        except BrokenPipeError:
            self._slot.give_back()
        except TimeoutError as error:
            self._slot.give_back()
            raise over_time() from error
        except BaseException:
            self._slot.give_back()
            raise
        self._peer.limit_stalls()

    def __iter__(self) -> Iterator[bytes]:
        if self._export is None:
            # Nobody hears it; but an end without an error would say that all is well.
            raise BrokenPipeError(errno.EPIPE, "The client has gone before the first row.")
        try:
            yield from self._export
        except Exception:
            # The server leaves out the last chunk, which says that all is well. HTTP/1.0 has no chunks.
            if self._may_end_unseen:
                self._peer.reset()
            raise

    def close(self) -> None:
        try:
            if self._export:
                self._export.close()
        finally:
            self._slot.give_back()
            self._peer.unlimit_stalls()


def _parse(request: Request) -> tuple[JobFilter, str]:
    """Raises InvalidFilter."""
    name = request.query_params.get(FORMAT, DEFAULT_FORMAT)
    mistakes: list[Mistake] = []
    if name not in FORMATS:
        detail = f"This is no format. Allowed: {', '.join(FORMATS)}."
        mistakes.append(Mistake(FORMAT, "unknown_format", detail))
    try:
        job_filter = JobFilter.parse(request.query_params)
    except InvalidFilter as error:
        raise InvalidFilter(mistakes + error.mistakes) from error
    if mistakes:
        raise InvalidFilter(mistakes)
    return job_filter, name


def _disposition(ending: str) -> str:
    return f'attachment; filename="jobs-{timezone.now():%Y%m%dT%H%M%SZ}.{ending}"'
