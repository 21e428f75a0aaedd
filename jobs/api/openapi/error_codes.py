"""The API's error codes, from which the schema, the reference page and the tests derive theirs."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from django.conf import settings
from django.http import QueryDict, UnreadablePostError

from jobs import limits
from jobs.api.http.parsers import StrictJSONParser
from jobs.api.openapi.error_examples import (
    ErrorCode,
    invalid,
    message,
    raised,
    response_to,
    view,
)
from jobs.api.openapi.limit_codes import LIMIT_CODES
from jobs.api.openapi.operation_codes import OPERATION_CODES
from jobs.api.openapi.outage_codes import OUTAGE_CODES
from jobs.api.openapi.token_codes import TOKEN_CODES
from jobs.api.problems import error_views, exceptions, handler, transfers
from jobs.api.problems.responses import problem_body, problem_response
from jobs.api.serializers import NewJobSerializer
from jobs.changes import undo
from jobs.changes.conflicts import KeyTaken, TooManyLabels
from jobs.changes.undo import JobChanged, NothingToUndo, TimestampTruncated
from jobs.changes.versions import TRUNCATED, VersionMismatch
from jobs.feed import CursorExpired
from jobs.feed_cursor import Cursor
from jobs.filters import JobFilter
from jobs.labels import MAX_LABELS
from jobs.saved_views.changes import NameTaken, TooManyViews

INVALID_LINE: Final = {"line": 2, "field": "name", "code": "blank", "detail": "Enter a name."}


ERROR_CODES: Final[dict[str, ErrorCode]] = {
    "invalid_query": ErrorCode(
        400,
        "A query parameter is unknown or has an invalid value; `errors` lists each one.",
        lambda: response_to(lambda: JobFilter.parse(QueryDict("status=PAUSED&page_size=0"))),
    ),
    "invalid": ErrorCode(
        400,
        "A field of the request body is missing or invalid; `errors` lists each one.",
        invalid(NewJobSerializer, {"name": " "}),
    ),
    "malformed_json": ErrorCode(
        400,
        "The request body is not a JSON object in UTF-8.",
        lambda: response_to(lambda: StrictJSONParser().parse(BytesIO(b'{"name": '))),
    ),
    "body_incomplete": ErrorCode(
        400, "The connection closed before the body was complete.", raised(UnreadablePostError())
    ),
    "bad_request": ErrorCode(
        400,
        f"The request is malformed: it has more than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} parameters, a header that"
        " cannot be parsed, or a path that is not UTF-8.",
        view(error_views.bad_request),
    ),
    "host_not_allowed": ErrorCode(
        400,
        "The dashboard does not serve this `Host`; its operator lists the allowed names in `ALLOWED_HOSTS`.",
        view(error_views.host_not_allowed),
    ),
    "login_required": ErrorCode(
        401,
        "The dashboard requires a login, and the request has neither a session nor a valid token; nothing was changed.",
        view(error_views.login_required),
    ),
    **TOKEN_CODES,
    "https_required": ErrorCode(
        403,
        "The request was sent over HTTP where only HTTPS is served; nothing was changed.",
        view(error_views.https_required),
    ),
    "forbidden": ErrorCode(
        403,
        "The role of the user, or the scope of the token, does not include this; nothing was changed.",
        view(error_views.forbidden),
    ),
    "reauthentication_required": ErrorCode(
        403,
        "The request has a session, whose user has not logged in or confirmed it recently, and changes more jobs than `CONFIRM_ABOVE`;"
        " nothing was changed.",
        view(error_views.reauthentication_required),
    ),
    "second_factor_required": ErrorCode(
        403,
        "The request has a session, and its user has no second factor, which the dashboard requires; nothing was changed.",
        view(error_views.second_factor_required),
    ),
    "csrf_failed": ErrorCode(
        403,
        "The request has a session, but no valid `X-CSRFToken`; nothing was changed.",
        view(error_views.csrf_failed),
    ),
    "cross_site": ErrorCode(
        403,
        "A page of another site has sent the request; nothing was changed.",
        raised(exceptions.CrossSite()),
    ),
    "job_not_found": ErrorCode(
        404, "The job does not exist, or was deleted.", raised(exceptions.JobNotFound())
    ),
    "view_not_found": ErrorCode(
        404, "The saved view does not exist, or was deleted.", raised(exceptions.ViewNotFound())
    ),
    "not_in_trash": ErrorCode(
        404,
        "The job is not in the trash: it was not deleted, has been restored, or is gone for good.",
        raised(exceptions.NotInTrash()),
    ),
    "not_found": ErrorCode(404, "There is no resource at this URL.", message(404)),
    "receipt_not_found": ErrorCode(
        404,
        f"The export is still being sent, was interrupted, or finished more than {transfers.RECEIPT_LIFETIME} ago.",
        raised(transfers.ReceiptNotFound()),
    ),
    "method_not_allowed": ErrorCode(
        405,
        "The URL does not support the method; see `Allow`.",
        lambda: handler.method_not_allowed("PUT", ["GET", "POST", "PATCH", "HEAD", "OPTIONS"]),
    ),
    "not_acceptable": ErrorCode(
        406,
        "`Accept` matches no format of this URL.",
        lambda: handler.not_acceptable(["application/json"]),
    ),
    "invalid_header": ErrorCode(
        400,
        "A header is malformed, or does not apply to this request; `errors` names it.",
        raised(exceptions.InvalidHeader("If-Match", "If-Match must be * or quoted entity tags.")),
    ),
    "invalid_lines": ErrorCode(
        400,
        f"Lines of an import are invalid; `errors` lists the first {limits.MAX_REPORTED_ERRORS}, each with its `line`, and"
        " `error_count` is the total.",
        lambda: problem_response(
            problem_body(400, "invalid_lines", "1 line is invalid. Nothing was imported.")
            | {"errors": [INVALID_LINE], "error_count": 1}
        ),
    ),
    "too_slow": ErrorCode(
        408,
        "The request body arrived too slowly; nothing was changed.",
        raised(transfers.ImportTooSlow()),
    ),
    "job_changed": ErrorCode(
        409,
        "The job has changed since it was read; the request had no effect.",
        raised(JobChanged(undo.CHANGED)),
    ),
    "updated_at_truncated": ErrorCode(
        409,
        "The `updated_at` in the request is truncated: it lacks digits of its seconds. The request had no effect.",
        raised(TimestampTruncated(f"{TRUNCATED} Nothing was undone.")),
    ),
    "nothing_to_undo": ErrorCode(
        409,
        "The job's latest change was its creation, or recorded no status.",
        raised(NothingToUndo(undo.NOTHING)),
    ),
    "job_exists": ErrorCode(
        409,
        "The job to restore exists: it has been restored already.",
        raised(exceptions.JobExists()),
    ),
    "key_taken": ErrorCode(
        409,
        "Another job has this `key`; nothing was changed. `job_id`, if it is present, is the id of that job.",
        raised(KeyTaken(12)),
    ),
    "too_many_labels": ErrorCode(
        409,
        f"The job would have more than {MAX_LABELS} labels, together with those that it has; nothing was changed.",
        raised(TooManyLabels()),
    ),
    "name_taken": ErrorCode(
        409,
        "Another saved view has this name, or one that differs only in its case.",
        raised(NameTaken()),
    ),
    "too_many_views": ErrorCode(
        409, f"There are {limits.MAX_VIEWS} saved views already.", raised(TooManyViews())
    ),
    "request_in_flight": ErrorCode(
        409,
        "A request with this `Idempotency-Key` is still in progress; retry after `Retry-After` seconds.",
        handler.in_flight,
    ),
    "cursor_gone": ErrorCode(
        410,
        "The events after the cursor are no longer kept. Store the `Feed-Cursor` of this response, read the list again, then"
        " continue from that cursor.",
        raised(CursorExpired(str(Cursor("0a1b2c3d", 52_117, 8_204)))),
    ),
    "length_required": ErrorCode(
        411,
        "The body was sent in chunks, and the server in front of the dashboard does not decode them; the one that `make up` starts does.",
        message(411),
    ),
    "precondition_failed": ErrorCode(
        412,
        "The current version of the job or the view does not match `If-Match`; nothing was changed.",
        raised(VersionMismatch()),
    ),
    "body_too_large": ErrorCode(
        413,
        f"The request body is larger than the endpoint allows: {limits.size_text(limits.MAX_BODY_BYTES)}, unless documented"
        " otherwise.",
        message(413),
    ),
    "too_many_jobs": ErrorCode(
        413, "The import has too many lines.", raised(transfers.TooManyJobs())
    ),
    "uri_too_long": ErrorCode(
        414,
        f"The request line is longer than {limits.size_text(limits.MAX_REQUEST_LINE_BYTES)}.",
        message(414),
    ),
    "unsupported_media_type": ErrorCode(
        415,
        "The endpoint does not accept the body's `Content-Type`; most endpoints accept only `application/json`.",
        message(415),
    ),
    "unsupported_encoding": ErrorCode(
        415, "`Content-Encoding` is not supported.", raised(exceptions.UnsupportedEncoding())
    ),
    "expectation_failed": ErrorCode(417, "`Expect` is not `100-continue`.", message(417)),
    "idempotency_key_reused": ErrorCode(
        422,
        "The `Idempotency-Key` was already used for a different request: another method, URL or body or, for an import,"
        " another content type.",
        raised(exceptions.IdempotencyKeyReused()),
    ),
    **LIMIT_CODES,
    "headers_too_large": ErrorCode(431, limits.HEADERS_TOO_LARGE, message(431)),
    "server_error": ErrorCode(
        500,
        "An unexpected error occurred; it has been logged, and no partial change was saved.",
        view(error_views.server_error),
    ),
    "not_implemented": ErrorCode(
        501, "The body has a `Transfer-Encoding` that is not supported.", message(501)
    ),
    "http_version_not_supported": ErrorCode(
        505, "The request uses an HTTP version other than 1.0 and 1.1.", message(505)
    ),
    **OUTAGE_CODES,
    **OPERATION_CODES,
}
