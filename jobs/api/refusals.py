"""What the headers of a request are refused for; errors.py makes the answers."""

from http import HTTPStatus

from rest_framework import exceptions

from jobs.filters import Mistake


class BadHeader(exceptions.APIException):
    """A header that would have to be ignored, and with it what the client asked for."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, header: str, detail: str) -> None:
        super().__init__(detail)
        self.mistake = Mistake(header, "malformed", detail)


class KeyReused(exceptions.APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = (
        "This Idempotency-Key was used for another request: its method, address or body differ."
        " Use a new key for each request, and the same only to repeat it."
    )
