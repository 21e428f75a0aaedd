"""The import: creates jobs from an NDJSON or CSV body."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.tokens.refusals import RevokedToken
from jobs.access.watch import Claim, claim_of, has_ended
from jobs.api.http.base import JsonView
from jobs.api.http.headers import describe_idempotent
from jobs.api.http.idempotency import key_of, run_once
from jobs.api.http.internals import django_request
from jobs.api.http.negotiation import IgnoreAccept
from jobs.api.http.source import actor_of
from jobs.api.problems.error_views import login_required, token_refused
from jobs.api.problems.exceptions import ProblemException
from jobs.api.problems.responses import problem_body, problem_response
from jobs.api.problems.transfers import ImportTooSlow, NoSpaceForImport, TooManyJobs
from jobs.api.transfers import import_schema
from jobs.api.transfers.bodies import Body
from jobs.api.transfers.connection import slot
from jobs.api.transfers.csv_records import Csv
from jobs.api.transfers.records import LineError, Ndjson, Reader, Records, UnreadableBody
from jobs.audit.kinds import Kind
from jobs.audit.requests import record_request
from jobs.limits import MAX_REPORTED_ERRORS
from jobs.mistakes import FieldError, InvalidQuery, quoted
from jobs.transfer.staging import KeysTaken, NewJob, NoSpace, Staging

ON_ERROR: Final = "on_error"
STOP, SKIP = import_schema.ON_ERROR
NDJSON, CSV = "application/x-ndjson", "text/csv"
TAKEN: Final = "Another job, or an earlier line, has this key."
READERS: Final[dict[str, Reader]] = {NDJSON: Ndjson, CSV: Csv}
# None of the NDJSON types is registered, and all of them are in use.
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
# Jobs collected in memory before they are staged.
BATCH: Final = 5_000


class ImportView(JsonView):
    content_negotiation_class = IgnoreAccept
    query_parameters = {"POST": (ON_ERROR,)}
    accepts_chunked = True  # decoded by jobs.api.transfers.bodies

    @import_schema.import_jobs
    @describe_idempotent
    def post(self, request: Request) -> HttpResponseBase:
        key = key_of(request)
        skip_invalid, (media_type, reader) = _skips_invalid(request), _reader(request)
        with slot(request), Body(request) as body, Staging() as staging:
            result = ImportResult()
            try:
                result.stage(reader(body), staging, skip_invalid=skip_invalid)
            except NoSpace as error:
                raise NoSpaceForImport from error
            except UnreadableBody as error:
                result.add_error(error.error)
                return result.problem()
            if result.invalid_count and not skip_invalid:
                return result.problem()
            claim = claim_of(request)
            if has_ended(claim):  # while the body arrived
                return _ended(claim)

            def create() -> Response:
                try:
                    created = staging.create_jobs(
                        body.seconds_left, skip_taken=skip_invalid, actor=actor_of(request)
                    )
                    result.add_taken(created.taken)
                    if created.number:  # the history of each says it too
                        record_request(request, Kind.JOBS_IMPORTED, str(created.number))
                    return Response(result.report(created.number), 201)
                except NoSpace as error:
                    raise NoSpaceForImport from error
                except TimeoutError as error:
                    raise ImportTooSlow from error

            try:
                if key is None:
                    return create()
                # The media type is part of the digest, as the same bytes mean different jobs in another type. The key is
                # claimed only now, so that no transaction is open while a slow body arrives.
                digest = sha256(f"{media_type}\n".encode() + body.digest()).digest()
                return run_once(request, key, digest, create)
            except KeysTaken as error:
                result.add_taken(error.lines)
                return result.problem()


@dataclass
class ImportResult:
    """What has been read so far: the number of invalid records, and the errors of the first of them."""

    invalid_count: int = 0
    errors: list[LineError] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)

    def stage(self, records: Records, staging: Staging, skip_invalid: bool) -> None:
        """Stages jobs up to the first invalid record, or all with `skip_invalid`. Counts all invalid records."""
        self.ignored, number = records.ignored, 0
        iterator = iter(records)
        while batch := list(islice(iterator, BATCH)):
            number += len(batch)
            if number > settings.IMPORT_MAX_LINES:
                raise TooManyJobs
            jobs = self._valid(batch)
            if jobs and (skip_invalid or not self.invalid_count):
                staging.add(jobs)

    def add_error(self, error: LineError) -> None:
        self.invalid_count += 1
        if len(self.errors) < MAX_REPORTED_ERRORS:
            self.errors.append(error)

    def add_taken(self, lines: Iterable[int]) -> None:
        for line in lines:
            self.add_error(LineError("key", "key_taken", TAKEN, line))

    def problem(self) -> JsonResponse:
        lines = "1 line is" if self.invalid_count == 1 else f"{self.invalid_count:,} lines are"
        body = problem_body(400, "invalid_lines", f"{lines} invalid. Nothing was imported.")
        body |= {"errors": self._errors(), "error_count": self.invalid_count}
        return problem_response(body)

    def report(self, created: int) -> dict[str, Any]:
        return {
            "created": created,
            "skipped": self.invalid_count,
            "errors": self._errors(),
            "ignored_fields": sorted(self.ignored),
        }

    def _errors(self) -> list[dict[str, Any]]:
        return [
            {"line": e.line, "field": e.field, "code": e.code, "detail": e.detail}
            for e in self.errors
        ]

    def _valid(self, batch: Iterable[NewJob | LineError]) -> list[NewJob]:
        jobs = []
        for record in batch:
            if isinstance(record, LineError):
                self.add_error(record)
            else:
                jobs.append(record)
        return jobs


def _ended(claim: Claim | None) -> HttpResponse:
    is_token = claim is not None and claim.token_id is not None
    return token_refused(None, RevokedToken()) if is_token else login_required(None)


def _skips_invalid(request: Request) -> bool:
    choice = request.query_params.get(ON_ERROR, STOP)
    if choice not in import_schema.ON_ERROR:
        detail = f"{quoted(choice)} is not a valid {ON_ERROR}. Allowed: {', '.join(import_schema.ON_ERROR)}."
        raise InvalidQuery([FieldError(ON_ERROR, "unknown_on_error", detail)])
    return choice == SKIP


def _reader(request: Request) -> tuple[str, Reader]:
    """The reader for the body's media type, with the canonical name of the type."""
    http = django_request(request)
    media_type, parameters = http.content_type or "", http.content_params or {}
    media_type = OTHER_NAMES.get(media_type, media_type)
    charset = parameters.get("charset", "utf-8").lower()
    if media_type not in READERS or charset not in {"utf-8", "utf8", "us-ascii"}:
        detail = f"Send the body as {' or '.join(READERS)}, in UTF-8."
        raise ProblemException(415, "unsupported_media_type", detail)
    return media_type, READERS[media_type]
