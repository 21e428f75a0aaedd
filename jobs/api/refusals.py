"""What the JSON door raises to refuse a request; jobs.api.errors says it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from rest_framework import exceptions

from jobs.paging import Mistake


class BadHeader(exceptions.APIException):
    """A header that would have to be ignored, and with it what the client asked for. `code` is that of the mistake."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, header: str, detail: str, code: str = "malformed") -> None:
        super().__init__(detail)
        self.mistake = Mistake(header, code, detail)


class JobNotFound(exceptions.NotFound):
    """The address is right, the job is not there: it was deleted, or never was."""

    default_code = "job_not_found"
    default_detail = "There is no such job."


class KeyReused(exceptions.APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = (
        "This Idempotency-Key was used for another request: its method, address, type or body differ."
        " Use a new key for each request, and the same only to repeat it."
    )


class LengthRequired(exceptions.APIException):
    status_code = HTTPStatus.LENGTH_REQUIRED


class BodyTooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Refused(exceptions.APIException):
    """Any other refusal, in its own words; `retry_after` seconds where it will pass."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        retry_after: int | None = None,
        errors: Sequence[Mistake] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.code = code
        self.retry_after = retry_after
        self.errors = errors
        self.headers = headers or {}


class EncodedBody(Refused):
    """Compressed, say: read as it is, it would be nothing but mistakes."""

    def __init__(self) -> None:
        detail = "Send the body as it is, without a Content-Encoding."
        super().__init__(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_encoding",
            detail,
            headers={"Accept-Encoding": "identity"},
        )


def no_receipt() -> Refused:
    detail = (
        "There is no receipt of this export: it is still being sent, it broke off, it ended over"
        " a day ago, or it could not be kept, as in a database that is only read. Compare no file with it."
    )
    return Refused(HTTPStatus.NOT_FOUND, "receipt_not_found", detail)
