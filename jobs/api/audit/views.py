"""The endpoints of the audit."""

import errno
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.watch import claim_of, watch
from jobs.api.audit.schema import DEFAULT_FORMAT, FORMAT, export_audit, list_audit
from jobs.api.http.base import JsonView
from jobs.api.http.negotiation import IgnoreAccept
from jobs.api.pagination import page_response
from jobs.api.transfers.connection import ClientConnection, Slot
from jobs.audit.export import FORMATS, Format
from jobs.audit.filters import FILTERS, PARAMETERS, AuditFilter, parse
from jobs.audit.rows import AuditRow, audit_batches, audit_count, audit_page
from jobs.listing.paging import Paging
from jobs.mistakes import FieldError, InvalidQuery, quoted


class AuditView(JsonView):
    query_parameters = {"GET": PARAMETERS}

    @list_audit
    def get(self, request: Request) -> Response:
        wanted = parse(request.query_params)
        paging = Paging.parse(request.query_params)
        page = audit_page(wanted, paging)
        return page_response(
            request,
            page,
            audit_count(wanted),
            [row.content() for row in page.rows],
            lambda cursor: wanted.page_query(paging, cursor),
        )


class AuditExportView(JsonView):
    content_negotiation_class = IgnoreAccept
    query_parameters = {"GET": (FORMAT, *FILTERS)}

    @export_audit
    def get(self, request: Request) -> HttpResponseBase:
        name = request.query_params.get(FORMAT, DEFAULT_FORMAT)
        if name not in FORMATS:
            detail = f"{quoted(name)} is not a valid {FORMAT}. Allowed: {', '.join(FORMATS)}."
            raise InvalidQuery([FieldError(FORMAT, "unknown_format", detail)])
        wanted = parse(request.query_params)
        headers = {
            "Content-Disposition": f'attachment; filename="audit-{timezone.now():%Y%m%dT%H%M%SZ}.{name}"',
            "Cache-Control": "no-store",
        }
        parts = () if request.method == "HEAD" else AuditDownload(wanted, FORMATS[name], request)
        return StreamingHttpResponse(parts, content_type=FORMATS[name].media_type, headers=headers)


class AuditDownload:
    """An export being sent. It ends with a reset, unless it is complete. Closing it releases everything that it holds."""

    def __init__(self, wanted: AuditFilter, file_format: Format, request: Request) -> None:
        self._format = file_format
        self._client = ClientConnection(request)
        self._is_complete = False
        self._is_ended = False
        self._slot = Slot(request)
        try:
            self._batches = audit_batches(wanted)
            self._first = next(self._batches, [])  # so that an error at the start is a response
        except BaseException:
            self._slot.release()
            raise
        self._client.limit_stalls()
        self._unwatch = watch.add(claim_of(request), self._end)

    def _end(self) -> None:
        """Called in another thread, when the client may no longer read."""
        self._is_ended = True

    def __iter__(self) -> Iterator[bytes]:
        self._client.reset_at_end(True)
        yield self._format.prefix + self._format.encode(self._first)
        for batch in self._batches:
            yield self._encode(batch)
        self._client.reset_at_end(False)
        self._is_complete = True

    def _encode(self, batch: list[AuditRow]) -> bytes:
        if self._is_ended:
            raise ConnectionResetError(errno.ECONNRESET, "The client may no longer read.")
        return self._format.encode(batch)

    def close(self) -> None:
        self._unwatch()
        if not self._is_complete:
            self._client.reset()
        self._slot.release()
        self._client.clear_stall_limit()
