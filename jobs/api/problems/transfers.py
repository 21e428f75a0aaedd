"""The exceptions that reject or end an export or an import."""

from http import HTTPStatus
from typing import Final

from django.conf import settings

from jobs.api.problems.exceptions import ConcurrencyLimited, ProblemException
from jobs.limits import duration_text, number_text
from jobs.transfer.receipts import LIFETIME

RETRY_AFTER: Final = 10
NO_SPACE_RETRY_AFTER: Final = 60
RECEIPT_LIFETIME: Final = duration_text(LIFETIME.total_seconds())


class TransfersBusy(ProblemException):
    def __init__(self) -> None:
        detail = "The limit of concurrent exports and imports is reached. Try again soon."
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, "busy", detail, RETRY_AFTER)


class TransfersLimited(ConcurrencyLimited):
    def __init__(self) -> None:
        super().__init__("exports and imports", settings.TRANSFERS_PER_USER, RETRY_AFTER)


class ExportTimeout(ProblemException):
    def __init__(self) -> None:
        detail = f"The export did not start within {duration_text(settings.EXPORT_SECONDS)}."
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, "export_budget", detail, RETRY_AFTER)


class ReceiptNotFound(ProblemException):
    def __init__(self) -> None:
        detail = (
            "Receipt not found. The export is still being sent, was interrupted or finished more than"
            f" {RECEIPT_LIFETIME} ago, or its receipt could not be stored, as in a read-only database. A file without a"
            " receipt may be incomplete."
        )
        super().__init__(HTTPStatus.NOT_FOUND, "receipt_not_found", detail)


class ImportTooSlow(ProblemException):
    def __init__(self) -> None:
        detail = (
            f"The body arrived too slowly. An import may take up to {duration_text(settings.IMPORT_SECONDS)}, and pause"
            f" for up to {duration_text(settings.TRANSFER_STALL_SECONDS)}. Nothing was imported."
        )
        super().__init__(HTTPStatus.REQUEST_TIMEOUT, "too_slow", detail)


class TooManyJobs(ProblemException):
    def __init__(self) -> None:
        limit = number_text(settings.IMPORT_MAX_LINES)
        detail = f"The import has too many lines. The limit is {limit} jobs. Nothing was imported."
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_many_jobs", detail)


class NoSpaceForImport(ProblemException):
    def __init__(self) -> None:
        detail = (
            "The server does not have enough space to stage the import. Nothing was imported. Try again later, or in"
            " parts."
        )
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, "no_space", detail, NO_SPACE_RETRY_AFTER)
