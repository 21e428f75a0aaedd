"""The exceptions that reject a request; jobs.api.problems.handler turns them into responses."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from rest_framework import exceptions

from jobs.limits import number_text, size_text
from jobs.mistakes import FieldError
from jobs.rows import JobRow


class InvalidHeader(exceptions.APIException):
    """A header that the server would otherwise have to ignore. `code` is the field error's."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, header: str, detail: str, code: str = "malformed") -> None:
        super().__init__(detail)
        self.field_error = FieldError(header, code, detail)


class CrossSite(exceptions.PermissionDenied):
    default_code = "cross_site"
    default_detail = "The request comes from a page of another site. Nothing was changed. Its origin can be allowed by CSRF_TRUSTED_ORIGINS."


class JobNotFound(exceptions.NotFound):
    """The URL is valid, but the job does not exist or was deleted."""

    default_code = "job_not_found"
    default_detail = "Job not found."


def or_404(job: JobRow | None) -> JobRow:
    if job is None:
        raise JobNotFound
    return job


class IdempotencyKeyReused(exceptions.APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = (
        "This Idempotency-Key was already used for another request: one with a different method, URL or body or, for an"
        " import, a different content type. Use a new key for each request, and the same key only to retry it."
    )


class LengthRequired(exceptions.APIException):
    status_code = HTTPStatus.LENGTH_REQUIRED


class ProblemException(exceptions.APIException):
    """Any other problem; `retry_after` is in seconds."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        retry_after: int | None = None,
        errors: Sequence[FieldError] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.code = code
        self.retry_after = retry_after
        self.errors = errors
        self.headers = headers or {}


class ConcurrencyLimited(ProblemException):
    """The user holds all of something that one user may hold at once. Others get theirs."""

    def __init__(self, what: str, most: int, retry_after: int) -> None:
        detail = (
            f"You have {number_text(most)} {what} already, which is the limit for a user. Nothing was changed. Try again"
            " when one has ended."
        )
        super().__init__(HTTPStatus.TOO_MANY_REQUESTS, "concurrency_limited", detail, retry_after)


class BodyTooLarge(ProblemException):
    def __init__(self, limit: int, outcome: str = "Nothing was changed.") -> None:
        detail = f"The body is too large. The limit is {size_text(limit)}. {outcome}"
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", detail)


class UnsupportedEncoding(ProblemException):
    """A compressed body, for example, which would otherwise only yield parse errors."""

    def __init__(self) -> None:
        detail = "Send the body without a Content-Encoding."
        super().__init__(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_encoding",
            detail,
            headers={"Accept-Encoding": "identity"},
        )


class NotInTrash(ProblemException):
    """The URL is valid, but the job was not deleted, was restored, or is gone for good."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, "not_in_trash", "The job is not in the trash.")


class JobExists(ProblemException):
    """A job with the id of the one to restore exists: it was restored already."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT, "job_exists", "A job with this id exists. Nothing was restored."
        )


class KeyTaken(ProblemException):
    """Another job, `holder` if it is known, has the key of the one to restore."""

    def __init__(self, holder: int | None = None) -> None:
        other = f"Job {holder}" if holder else "Another job"
        detail = f"{other} has its key by now. To restore this job, delete the other one or change its key first."
        super().__init__(HTTPStatus.CONFLICT, "key_taken", detail)


class ViewNotFound(ProblemException):
    """The URL is valid, but the saved view does not exist or was deleted."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, "view_not_found", "View not found.")


class OperationNotFound(ProblemException):
    """The URL is valid, but the operation does not exist or was forgotten."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, "operation_not_found", "Operation not found.")


class ProposalNotFound(ProblemException):
    """The URL is valid, but the proposal does not exist or was forgotten."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, "proposal_not_found", "Proposal not found.")


class TokenRequired(ProblemException):
    """The URL is for programs: a session is not enough."""

    def __init__(self) -> None:
        detail = "Send an API token whose scope is agent or more. Nothing was changed."
        headers = {"WWW-Authenticate": 'Bearer realm="jobs"'}
        super().__init__(HTTPStatus.UNAUTHORIZED, "login_required", detail, headers=headers)
