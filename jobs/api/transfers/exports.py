"""The export of a list as a file: its parameters, and how it is sent."""

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
from rest_framework.request import Request

from jobs.access.watch import claim_of, watch
from jobs.api.http.base import JsonView
from jobs.api.http.negotiation import IgnoreAccept
from jobs.api.openapi import operations
from jobs.api.openapi.hooks import fails_with
from jobs.api.problems.transfers import RECEIPT_LIFETIME, ExportTimeout
from jobs.api.serializers import JobSerializer
from jobs.api.transfers.connection import ClientConnection, Slot
from jobs.filters import PARAMETERS, JobFilter
from jobs.listing.paging import PAGING
from jobs.mistakes import FieldError, InvalidQuery, quoted
from jobs.transfer import formats, receipts
from jobs.transfer.csv_guards import SEPARATORS
from jobs.transfer.export import Export
from jobs.transfer.formats import FORMATS, Format
from jobs.transfer.receipts import ExportDigest

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
Returns all jobs of the list, in its order, from a single snapshot.

- `ndjson`: one line per job, as `GET /api/jobs/{job_id}/` returns it
- `csv`: a header, then one row per job; names are quoted. A name that a spreadsheet would interpret as a formula, because
  it begins with `=`, `+`, `-`, `@`, a tab or a line break (or a fullwidth form of these), is prefixed with an apostrophe,
  and with one more if it begins with apostrophes before such a character. The same applies to such a character within a
  name, after a line break or a separator other than the file's, where a spreadsheet may start a new cell. An import
  removes these apostrophes.

`POST /api/jobs/import/` accepts both formats, and creates new jobs. If an error occurs during the export, the connection
is reset. A proxy may hide that: to verify a file, call `GET /api/jobs/export/{export_id}/` with the id from `Export-Id`."""

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
            description="The separator of `csv`. Spreadsheets expect a semicolon in many locales.",
        ),
        OpenApiParameter(
            BOM,
            str,
            enum=CHOICES[BOM],
            description="Whether `csv` starts with a byte order mark, which Excel needs to recognize UTF-8.",
        ),
        *operations.LIST_FILTERS,
        OpenApiParameter(
            "Content-Disposition",
            str,
            OpenApiParameter.HEADER,
            description="`attachment`, with a file name that contains the time.",
            response=[200],
        ),
        OpenApiParameter(
            EXPORT_ID,
            {"type": "string", "format": "uuid"},
            OpenApiParameter.HEADER,
            description=f"The export's id, for its receipt, which is available for {RECEIPT_LIFETIME}.",
            response=[200],
        ),
    ],
    responses={
        (200, "application/x-ndjson"): OpenApiResponse(JobSerializer(many=True), "The jobs."),
        (200, "text/csv"): {
            "type": "string",
            "description": "CSV: a header, then one row per job.",
        },
    },
    extensions=fails_with("busy", "concurrency_limited", "export_budget"),
)


class ExportView(JsonView):
    content_negotiation_class = IgnoreAccept
    query_parameters = {"GET": (FORMAT, BOM, SEPARATOR, *FILTERS)}

    @export_jobs
    def get(self, request: Request) -> HttpResponseBase:
        job_filter, name, file_format = _parse(request)
        headers = {"Content-Disposition": _disposition(name), "Cache-Control": "no-store"}
        rows: Iterable[bytes] = ()
        if request.method != "HEAD":
            export_id = uuid4()
            headers[EXPORT_ID] = str(export_id)
            rows = Download(job_filter, file_format, request, export_id)
        return StreamingHttpResponse(rows, content_type=file_format.media_type, headers=headers)


class Download:
    """An export being sent. Closing it releases everything that it holds."""

    def __init__(
        self, job_filter: JobFilter, file_format: Format, request: Request, export_id: UUID
    ) -> None:
        self._client = ClientConnection(request)
        self._id = export_id
        self._is_complete = False
        self._is_ended = False
        self._slot = Slot(request)
        self._export: Export | None = None
        try:
            self._export = Export(
                job_filter,
                file_format,
                settings.EXPORT_SECONDS,
                self._client.descriptor,
                self._client.probe,
            )
        except BrokenPipeError:
            self._slot.release()
        except TimeoutError as error:
            self._slot.release()
            raise ExportTimeout from error
        except BaseException:
            self._slot.release()
            raise
        self._client.limit_stalls()
        self._unwatch = watch.add(claim_of(request), self._end)

    def _end(self) -> None:
        """Called in another thread, when the client may no longer read."""
        self._is_ended = True

    def __iter__(self) -> Iterator[bytes]:
        if self._export is None:
            # The client is gone, but without an error the response would count as complete.
            raise BrokenPipeError(errno.EPIPE, "The client disconnected before the first row.")
        # HTTP/1.0 has no end marker, and some proxies treat a missing last chunk as the end.
        self._client.reset_at_end(True)
        digest, last = ExportDigest(), b""
        for part in self._export:
            if self._is_ended:
                raise ConnectionResetError(errno.ECONNRESET, "The client may no longer read.")
            digest.add(part)
            if last:
                yield last
            last = part
        # Before the last part, so that a client with the complete file finds its receipt.
        self._store_receipt(self._export.jobs, digest)
        if last:
            yield last
        self._client.reset_at_end(False)
        self._is_complete = True

    def close(self) -> None:
        self._unwatch()
        if not self._is_complete:
            self._client.reset()  # first: ending the COPY may take seconds, in which the file would look complete
        try:
            if self._export:
                self._export.close()
        finally:
            self._slot.release()
            self._client.clear_stall_limit()

    def _store_receipt(self, jobs: int, digest: ExportDigest) -> None:
        try:
            receipts.store(self._id, jobs, digest)
        except Error as error:  # in a read-only database, for example; the file is complete anyway
            logger.warning("An export's receipt could not be stored: %s", error)


def _parse(request: Request) -> tuple[JobFilter, str, Format]:
    """Raises InvalidQuery with all errors."""
    query = request.query_params
    name = query.get(FORMAT, DEFAULT_FORMAT)
    errors = [
        _unknown_value(parameter, query[parameter], choices)
        for parameter, choices in CHOICES.items()
        if parameter in query and query[parameter] not in choices
    ]
    if name != CSV:
        detail = f"Only {CSV} supports this: add {FORMAT}={CSV}, or omit it."
        errors += [
            FieldError(parameter, "misplaced_parameter", detail)
            for parameter in (BOM, SEPARATOR)
            if parameter in query
        ]
    try:
        job_filter = JobFilter.parse(query)
    except InvalidQuery as error:
        raise InvalidQuery(errors + error.errors) from error
    if errors:
        raise InvalidQuery(errors)
    if name != CSV:
        return job_filter, name, FORMATS[name]
    separator = SEPARATORS[query.get(SEPARATOR, DEFAULT_SEPARATOR)]
    return job_filter, name, formats.csv(separator, query.get(BOM) == YES)


def _unknown_value(parameter: str, value: str, choices: Iterable[str]) -> FieldError:
    detail = f"{quoted(value)} is not a valid {parameter}. Allowed: {', '.join(choices)}."
    return FieldError(parameter, f"unknown_{parameter}", detail)


def _disposition(ending: str) -> str:
    return f'attachment; filename="jobs-{timezone.now():%Y%m%dT%H%M%SZ}.{ending}"'
