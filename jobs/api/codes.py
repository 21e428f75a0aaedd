"""Every way in which the JSON door refuses, by its stable code: the schema, the pages and the tests read it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from django.http import HttpResponse, QueryDict, UnreadablePostError

from jobs.api import errors
from jobs.api.bodies import no_space, too_many_jobs, too_slow
from jobs.api.parsers import StrictJSONParser
from jobs.api.refusals import BadHeader, EncodedBody, JobNotFound, KeyReused, no_receipt
from jobs.api.serializers import NewJobSerializer
from jobs.api.transfers import busy, over_time
from jobs.faults import Fault
from jobs.feed import FeedGone
from jobs.filters import JobFilter
from jobs.undo import JobChanged, MomentTruncated, NothingToUndo
from jobs.versions import TRUNCATED, OtherVersion

INVALID_LINE: Final = {
    "line": 2,
    "field": "name",
    "code": "blank",
    "detail": "A name cannot be empty.",
}


@dataclass(frozen=True)
class Kind:
    """One kind of refusal: its status, when it happens, and one that really happened, as `example` makes it."""

    status: int
    when: str
    example: Callable[[], HttpResponse]


def _caught(work: Callable[[], Any]) -> HttpResponse:
    """What a client gets where `work` raises."""
    try:
        work()
    except Exception as error:
        response = errors.problem_response(error, {})
        if response is None:
            raise
        return response
    raise AssertionError("no refusal")


def _raised(error: Exception) -> Callable[[], HttpResponse]:
    def work() -> None:
        raise error

    return lambda: _caught(work)


def _message(status: int) -> Callable[[], HttpResponse]:
    return lambda: errors.problem(status, *errors.MESSAGES[status])


def _answer(make: Callable[[Any], HttpResponse]) -> Callable[[], HttpResponse]:
    """The failures that look at no request."""
    return lambda: make(None)


def _invalid(serializer: type[Any], body: dict[str, Any]) -> Callable[[], HttpResponse]:
    return lambda: _caught(lambda: serializer(data=body).is_valid(raise_exception=True))


KINDS: Final[dict[str, Kind]] = {
    "invalid_query": Kind(
        400,
        "A query parameter is unknown or has a value that is not offered; `errors` names each.",
        lambda: _caught(lambda: JobFilter.parse(QueryDict("status=PAUSED&page_size=0"))),
    ),
    "invalid": Kind(
        400,
        "A field of the body is missing or wrong; `errors` names each.",
        _invalid(NewJobSerializer, {"name": " "}),
    ),
    "malformed_json": Kind(
        400,
        "The body is no JSON object in UTF-8.",
        lambda: _caught(lambda: StrictJSONParser().parse(BytesIO(b'{"name": '))),
    ),
    "body_incomplete": Kind(
        400, "The connection ended within the body.", _raised(UnreadablePostError())
    ),
    "bad_request": Kind(
        400,
        "The request is broken before it is looked at: over 1,000 parameters, or a broken header.",
        _answer(errors.bad_request),
    ),
    "host_not_allowed": Kind(
        400,
        "The `Host` is not one that the dashboard answers to; its operator lists them in `ALLOWED_HOSTS`.",
        _answer(errors.host_not_allowed),
    ),
    "https_required": Kind(
        403,
        "The request came by http where only https is served; nothing was done.",
        _answer(errors.https_required),
    ),
    "job_not_found": Kind(404, "There is no such job, or no longer.", _raised(JobNotFound())),
    "not_found": Kind(404, "There is no such address.", _message(404)),
    "receipt_not_found": Kind(
        404,
        "The export is still being sent, broke off, or ended over a day ago.",
        _raised(no_receipt()),
    ),
    "method_not_allowed": Kind(
        405, "The address does not offer the method; `Allow` lists what it does.", _message(405)
    ),
    "not_acceptable": Kind(406, "`Accept` leaves out what the address answers.", _message(406)),
    "invalid_header": Kind(
        400,
        "A header cannot be read, or means nothing here; `errors` names it.",
        _raised(BadHeader("If-Match", "Tags are in quotes, with commas between them, or *.")),
    ),
    "invalid_lines": Kind(
        400,
        "Lines of an import are wrong; `errors` names the first 100, with their `line`, `error_count` says how many.",
        lambda: errors.sent(
            errors.document(400, "invalid_lines", "1 line is wrong. Nothing was imported.")
            | {"errors": [INVALID_LINE], "error_count": 1}
        ),
    ),
    "too_slow": Kind(408, "The body came too slowly; nothing was done.", _raised(too_slow())),
    "job_changed": Kind(
        409,
        "The job has changed since it was looked at; nothing was done.",
        _raised(JobChanged("The job has changed since. Nothing was undone.")),
    ),
    "updated_at_truncated": Kind(
        409,
        "The `updated_at` that was sent has lost digits of its seconds; nothing was done.",
        _raised(MomentTruncated(f"{TRUNCATED} Nothing was undone.")),
    ),
    "nothing_to_undo": Kind(
        409,
        "The job's last change was its creation or a new name.",
        _raised(NothingToUndo("The job's last change was no change of its status.")),
    ),
    "request_in_flight": Kind(
        409,
        "A request with this `Idempotency-Key` is under way; `Retry-After` says when to ask again.",
        errors.in_flight,
    ),
    "cursor_gone": Kind(
        410,
        "What follows the cursor is no longer kept; read the list anew, then go on after `Feed-Cursor`.",
        _raised(FeedGone("0a1b2c3d-52117-0")),
    ),
    "length_required": Kind(
        411,
        "The body came in chunks, and the server in front of the dashboard does not put them together; that of `make up` does.",
        _message(411),
    ),
    "precondition_failed": Kind(
        412,
        "The job is in no version that `If-Match` names; nothing was done.",
        _raised(OtherVersion()),
    ),
    "body_too_large": Kind(
        413,
        "The body is larger than the call takes: 64 KiB, where it says nothing else.",
        _message(413),
    ),
    "too_many_jobs": Kind(413, "An import has too many lines.", _raised(too_many_jobs())),
    "uri_too_long": Kind(414, "The request line is longer than 8,190 bytes.", _message(414)),
    "unsupported_media_type": Kind(
        415,
        "The body is not of the type that the call takes, `application/json` as a rule.",
        _message(415),
    ),
    "unsupported_encoding": Kind(
        415, "The body has a `Content-Encoding`: none is taken.", _raised(EncodedBody())
    ),
    "expectation_failed": Kind(
        417, "`Expect` asks for something else than `100-continue`.", _message(417)
    ),
    "idempotency_key_reused": Kind(
        422, "The `Idempotency-Key` was used for another request.", _raised(KeyReused())
    ),
    "headers_too_large": Kind(
        431, "A header is longer than 16,380 bytes, or there are over 100.", _message(431)
    ),
    "server_error": Kind(
        500,
        "A fault of ours; it is logged, and nothing was half-written.",
        _answer(errors.server_error),
    ),
    "not_implemented": Kind(
        501, "The body is encoded in a way that is not known here.", _message(501)
    ),
    "http_version_not_supported": Kind(
        505, "The request speaks another HTTP than 1.0 and 1.1.", _message(505)
    ),
    "query_budget": Kind(
        503,
        "The question took longer than its budget and was stopped; ask a narrower one.",
        lambda: errors.database_fault(None, Fault.OVER_BUDGET),
    ),
    "lock_timeout": Kind(
        503,
        "The request waited too long for a change to end; nothing was done, and it can be sent again.",
        lambda: errors.database_fault(None, Fault.LOCKED),
    ),
    "database_read_only": Kind(
        503,
        "The database takes no changes at present, as a standby does; see `Retry-After`.",
        lambda: errors.database_fault(None, Fault.READ_ONLY),
    ),
    "database_full": Kind(
        503,
        "The database's disk is full; nothing was done.",
        lambda: errors.database_fault(None, Fault.FULL),
    ),
    "database_overloaded": Kind(
        503,
        "The database has no connection or no memory left; nothing was done; see `Retry-After`.",
        lambda: errors.database_fault(None, Fault.OVERLOADED),
    ),
    "database_failing": Kind(
        503,
        "The database lacks what the request needs: a file, a table, a function, a privilege, a trigger or an id; nothing was done.",
        lambda: errors.database_fault(None, Fault.FAILING),
    ),
    "outcome_unknown": Kind(
        503,
        "The database was lost when the change was committed: it may have been made. An `Idempotency-Key` tells, sent again.",
        lambda: errors.database_fault(None, Fault.UNKNOWN_OUTCOME),
    ),
    "too_many_listeners": Kind(
        503,
        "As many as can be served wait for events already; see `Retry-After`.",
        errors.too_many_listeners,
    ),
    "busy": Kind(
        503,
        "As many exports and imports as may run at once are running; see `Retry-After`.",
        _raised(busy()),
    ),
    "no_space": Kind(
        503, "The server has no room to gather what is to be imported.", _raised(no_space())
    ),
    "export_budget": Kind(503, "The export took too long to begin.", _raised(over_time())),
    "database_unavailable": Kind(
        503,
        "The database is away; `Retry-After` says when to try again.",
        lambda: errors.database_fault(None, Fault.UNAVAILABLE),
    ),
}
