"""Many new jobs from one body: what the JSON door's import takes, and what it answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api import import_schema
from jobs.api.bodies import Body, no_space, too_many_jobs, too_slow
from jobs.api.csv_records import Csv
from jobs.api.errors import document, sent
from jobs.api.exports import AnyAccept
from jobs.api.headers import describe_idempotent
from jobs.api.idempotency import done_once, key_of
from jobs.api.records import LineMistake, Ndjson, Reader, Records, Unreadable
from jobs.api.refusals import Refused
from jobs.api.transfers import slot
from jobs.api.views import JsonView
from jobs.importing import NoSpace, Staging
from jobs.paging import InvalidFilter, Mistake

ON_ERROR: Final = "on_error"
STOP, SKIP = import_schema.ON_ERROR
NDJSON, CSV = "application/x-ndjson", "text/csv"
READERS: Final[dict[str, Reader]] = {NDJSON: Ndjson, CSV: Csv}
# No one of these is registered for lines of JSON, and each is in use.
OTHER_NAMES: Final = {
    "application/ndjson": NDJSON,
    "application/jsonl": NDJSON,
    "application/x-jsonl": NDJSON,
    "application/jsonlines": NDJSON,
    "application/x-jsonlines": NDJSON,
    "application/json-lines": NDJSON,
    "application/csv": CSV,
    "application/x-csv": CSV,
    "text/x-csv": CSV,
    "text/tab-separated-values": CSV,
}
# Names that gather in memory before they are handed on.
BATCH: Final = 5_000
MISTAKES_TOLD: Final = 100


class ImportView(JsonView):
    content_negotiation_class = AnyAccept
    query_parameters = {"POST": (ON_ERROR,)}
    takes_chunks = True  # jobs.api.bodies finds their end

    @import_schema.import_jobs
    @describe_idempotent
    def post(self, request: Request) -> HttpResponseBase:
        key = key_of(request)
        skips, (media_type, reader) = _skips(request), _reader(request)
        with slot(), Body(request) as body, Staging() as staging:
            read = Read()
            try:
                read.all(reader(body), staging, go_on=skips)
            except NoSpace as error:
                raise no_space() from error
            except Unreadable as error:
                read.note(error.mistake)
                return read.refusal()
            if read.wrong and not skips:
                return read.refusal()

            def create() -> Response:
                try:
                    return Response(read.report(staging.create_jobs(body.seconds_left)), 201)
                except NoSpace as error:
                    raise no_space() from error
                except TimeoutError as error:
                    raise too_slow() from error

            if key is None:
                return create()
            # The same bytes are other jobs as another type. Claimed only now: while a slow body comes, no transaction
            # may be open.
            asked = sha256(f"{media_type}\n".encode() + body.digest()).digest()
            return done_once(request, key, asked, create)


@dataclass
class Read:
    """What has been read of a body: how many records were wrong, and the first of their mistakes."""

    wrong: int = 0
    mistakes: list[LineMistake] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)

    def all(self, records: Records, staging: Staging, go_on: bool) -> None:
        """Every name is staged until something is wrong, or past it where to `go_on`; every mistake is counted."""
        self.ignored, number = records.ignored, 0
        ahead = iter(records)
        while batch := list(islice(ahead, BATCH)):
            number += len(batch)
            if number > settings.IMPORT_MAX_LINES:
                raise too_many_jobs()
            names = self._names(batch)
            if names and (go_on or not self.wrong):
                staging.add(names)

    def note(self, mistake: LineMistake) -> None:
        self.wrong += 1
        if len(self.mistakes) < MISTAKES_TOLD:
            self.mistakes.append(mistake)

    def refusal(self) -> JsonResponse:
        number = f"{self.wrong:,} line is" if self.wrong == 1 else f"{self.wrong:,} lines are"
        detail = f"{number} wrong. Nothing was imported."
        told = {"errors": self._told(), "error_count": self.wrong}
        return sent(document(400, "invalid_lines", detail) | told)

    def report(self, created: int) -> dict[str, Any]:
        return {
            "created": created,
            "skipped": self.wrong,
            "errors": self._told(),
            "ignored_fields": sorted(self.ignored),
        }

    def _told(self) -> list[dict[str, Any]]:
        return [
            {"line": m.line, "field": m.field, "code": m.code, "detail": m.detail}
            for m in self.mistakes
        ]

    def _names(self, batch: Iterable[str | LineMistake]) -> list[str]:
        names = []
        for record in batch:
            if isinstance(record, str):
                names.append(record)
            else:
                self.note(record)
        return names


def _skips(request: Request) -> bool:
    choice = request.query_params.get(ON_ERROR, STOP)
    if choice not in import_schema.ON_ERROR:
        detail = f"Allowed: {', '.join(import_schema.ON_ERROR)}."
        raise InvalidFilter([Mistake(ON_ERROR, "unknown_on_error", detail)])
    return choice == SKIP


def _reader(request: Request) -> tuple[str, Reader]:
    """With the type that chose it, by the name that we use for it."""
    media_type, parameters = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    media_type = OTHER_NAMES.get(media_type, media_type)
    charset = parameters.get("charset", "utf-8").lower()
    if media_type not in READERS or charset not in {"utf-8", "utf8", "us-ascii"}:
        detail = f"Send the body as {' or '.join(READERS)}, in UTF-8."
        raise Refused(415, "unsupported_media_type", detail)
    return media_type, READERS[media_type]
