"""The error codes of what the service or its database cannot do at present."""

from typing import Final

from jobs.api.openapi.error_examples import ErrorCode, fault, raised
from jobs.api.problems import error_views, handler, transfers
from jobs.faults import Fault

OUTAGE_CODES: Final[dict[str, ErrorCode]] = {
    "query_budget": ErrorCode(
        503, "The query timed out; make it more specific.", fault(Fault.STATEMENT_TIMEOUT)
    ),
    "lock_timeout": ErrorCode(
        503,
        "The request waited too long for a concurrent change; nothing was changed, and it is safe to retry.",
        fault(Fault.LOCKED),
    ),
    "database_read_only": ErrorCode(
        503, "The database is currently read-only, as a standby is.", fault(Fault.READ_ONLY)
    ),
    "database_full": ErrorCode(
        503, "The database's disk is full; nothing was changed.", fault(Fault.FULL)
    ),
    "database_overloaded": ErrorCode(
        503,
        "The database has no free connections or memory; nothing was changed.",
        fault(Fault.OVERLOADED),
    ),
    "database_failing": ErrorCode(
        503,
        "The database lacks something that the request needs: a file, table, function, privilege, trigger or id; nothing was changed.",
        fault(Fault.FAILING),
    ),
    "migrations_pending": ErrorCode(
        503,
        "Migrations have not been run, so not all requests can succeed.",
        lambda: error_views.migrations_pending(["jobs.0045_provider_account"]),
    ),
    "outcome_unknown": ErrorCode(
        503,
        "The connection to the database was lost during the commit, or a synchronous standby has not confirmed it, so the change may have been made. To find out, retry with the same `Idempotency-Key`.",
        fault(Fault.UNKNOWN_OUTCOME),
    ),
    "too_many_listeners": ErrorCode(
        503, "Too many clients are already waiting for events.", handler.too_many_listeners
    ),
    "busy": ErrorCode(
        503,
        "The limit of concurrent exports and imports is reached or, without `Retry-After`, that of requests still being"
        " received; nothing was changed.",
        raised(transfers.TransfersBusy()),
    ),
    "no_space": ErrorCode(
        503,
        "The server does not have enough space to stage the import.",
        raised(transfers.NoSpaceForImport()),
    ),
    "export_budget": ErrorCode(
        503, "The export did not start in time.", raised(transfers.ExportTimeout())
    ),
    "database_unavailable": ErrorCode(
        503, "The database is unavailable; see `Retry-After`.", fault(Fault.UNAVAILABLE)
    ),
}
