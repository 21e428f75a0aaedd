"""The list as a file: what the JSON door's export takes, and how it is sent."""

import errno
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import Error
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from jobs import receipts, written
from jobs.api import schema
from jobs.api.openapi import refuses
from jobs.api.serializers import JobSerializer
from jobs.api.transfers import Peer, Slot, over_time
from jobs.api.views import JsonAtOnce, JsonView
from jobs.exporting import Export
from jobs.filters import PARAMETERS, JobFilter
from jobs.guards import SEPARATORS
from jobs.paging import PAGING, InvalidFilter, Mistake, shown
from jobs.receipts import Tally
from jobs.written import FORMATS, Format

FORMAT: Final = "format"
DEFAULT_FORMAT: Final = "ndjson"
CSV: Final = "csv"
SEPARATOR: Final = "separator"
DEFAULT_SEPARATOR: Final = "comma"
BOM: Final = "bom"
YES, NO = "yes", "no"
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    FORMAT: tuple(FORMATS),
    SEPARATOR: tuple(SEPARATORS),
    BOM: (YES, NO),
}
EXPORT_ID: Final = "Export-Id"
logger: Final = logging.getLogger(__name__)
FILTERS: Final = tuple(name for name in PARAMETERS if name not in PAGING)

EXPORT = """\
Every job of the list, however long it is, in its order and as of one moment.

- `ndjson`: a line for each job, as `GET /api/jobs/{job_id}/` returns it
- `csv`: a header, then a row for each job; names are quoted. A name that a spreadsheet would read as a formula, because it
  begins with `=`, `+`, `-`, `@`, a tab or a line break (or a wide form of these), gets an apostrophe before it, and one
  more if it begins with apostrophes before such a character. So does such a character within a name, after a line break
  or after a separator that is not the file's own, where a spreadsheet may begin a cell. An import removes them.

`POST /api/jobs/import/` takes both formats, as new jobs. An error while sending breaks the connection. A proxy may hide
that: `GET /api/jobs/export/{export_id}/`, with the id from `Export-Id`, says what the whole file holds."""

export_jobs = extend_schema(
    operation_id="export_jobs",
    summary="Export jobs",
    description=EXPORT,
    parameters=[
        OpenApiParameter(
            FORMAT,
            str,
            enum=CHOICES[FORMAT],
            default=DEFAULT_FORMAT,
            description="The format of the file.",
        ),
        OpenApiParameter(
            SEPARATOR,
            str,
            enum=CHOICES[SEPARATOR],
            description="What separates the cells of `csv`. Spreadsheets in many languages expect a semicolon.",
        ),
        OpenApiParameter(
            BOM,
            str,
            enum=CHOICES[BOM],
            description="Whether `csv` begins with a byte order mark. Excel needs it to read UTF-8.",
        ),
        *schema.LIST_FILTERS,
        OpenApiParameter(
            "Content-Disposition",
            str,
            OpenApiParameter.HEADER,
            description="`attachment`, with a file name that has the time in it.",
            response=[200],
        ),
        OpenApiParameter(
            EXPORT_ID,
            {"type": "string", "format": "uuid"},
            OpenApiParameter.HEADER,
            description="Identifies the export: its receipt says for a day what the whole file holds.",
            response=[200],
        ),
    ],
    responses={
        (200, "application/x-ndjson"): OpenApiResponse(JobSerializer(many=True), "The jobs."),
        (200, "text/csv"): {
            "type": "string",
            "description": "CSV: a header, then a row for each job.",
        },
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
    query_parameters = {"GET": (FORMAT, BOM, SEPARATOR, *FILTERS)}

    @export_jobs
    def get(self, request: Request) -> HttpResponseBase:
        job_filter, name, form = _parse(request)
        headers = {"Content-Disposition": _disposition(name), "Cache-Control": "no-store"}
        rows: Iterable[bytes] = ()
        if request.method != "HEAD":
            export_id = uuid4()
            headers[EXPORT_ID] = str(export_id)
            rows = Download(job_filter, form, request, export_id)
        return StreamingHttpResponse(rows, content_type=form.media_type, headers=headers)


class Download:
    """An export on its way to a client. Gives back all it holds when it is closed."""

    def __init__(
        self, job_filter: JobFilter, form: Format, request: Request, export_id: UUID
    ) -> None:
        self._peer = Peer(request)
        self._id = export_id
        self._is_whole = False
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
        # HTTP/1.0 marks no end, and some proxies pass on a missing last chunk as an end.
        self._peer.reset_at_end(True)
        tally, last = Tally(), b""
        for part in self._export:
            tally.add(part)
            if last:
                yield last
            last = part
        # Before the last part: a client that has the whole file finds its receipt.
        self._keep_receipt(self._export.jobs, tally)
        if last:
            yield last
        self._peer.reset_at_end(False)
        self._is_whole = True

    def close(self) -> None:
        if not self._is_whole:
            self._peer.reset()  # first: to end the COPY may take seconds, in which what was sent would look good
        try:
            if self._export:
                self._export.close()
        finally:
            self._slot.give_back()
            self._peer.unlimit_stalls()

    def _keep_receipt(self, jobs: int, tally: Tally) -> None:
        try:
            receipts.keep(self._id, jobs, tally)
        except Error as error:  # of a read-only database, say: the file is whole all the same
            logger.warning("The receipt of an export was not kept: %s", error)


def _parse(request: Request) -> tuple[JobFilter, str, Format]:
    """Raises InvalidFilter with every mistake."""
    asked = request.query_params
    name = asked.get(FORMAT, DEFAULT_FORMAT)
    mistakes = [
        _unknown(parameter, asked[parameter], choices)
        for parameter, choices in CHOICES.items()
        if parameter in asked and asked[parameter] not in choices
    ]
    if name != CSV:
        detail = f"Only {CSV} has one: add {FORMAT}={CSV}, or leave it out."
        mistakes += [
            Mistake(parameter, "misplaced_parameter", detail)
            for parameter in (BOM, SEPARATOR)
            if parameter in asked
        ]
    try:
        job_filter = JobFilter.parse(asked)
    except InvalidFilter as error:
        raise InvalidFilter(mistakes + error.mistakes) from error
    if mistakes:
        raise InvalidFilter(mistakes)
    if name != CSV:
        return job_filter, name, FORMATS[name]
    separator = SEPARATORS[asked.get(SEPARATOR, DEFAULT_SEPARATOR)]
    return job_filter, name, written.csv(separator, asked.get(BOM) == YES)


def _unknown(parameter: str, value: str, choices: Iterable[str]) -> Mistake:
    detail = f"{shown(value)} is not a valid {parameter}. Allowed: {', '.join(choices)}."
    return Mistake(parameter, f"unknown_{parameter}", detail)


def _disposition(ending: str) -> str:
    return f'attachment; filename="jobs-{timezone.now():%Y%m%dT%H%M%SZ}.{ending}"'
