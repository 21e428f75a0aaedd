"""The options of every database session. Imported by the settings, so without Django."""

from typing import Final

CONNECT_SECONDS: Final = 5

# Statements, their results and the database's functions rely on these, so each session overrides what the server, the
# database or the role sets: how values are written and read, ...
FORMATS: Final = {
    "search_path": "public",
    "timezone": "UTC",
    "datestyle": "ISO,MDY",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "xmlbinary": "base64",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "escape_string_warning": "off",
    "backslash_quote": "safe_encoding",
    "array_nulls": "on",
    "transform_null_equals": "off",
    "quote_all_identifiers": "off",
}
# ... what a statement sees and may do, ...
SEMANTICS: Final = {
    "default_transaction_isolation": "read\\ committed",
    "default_transaction_deferrable": "off",
    "row_security": "on",
    "gin_fuzzy_search_limit": "0",  # any other value makes searches incomplete
    "restrict_nonsystem_relation_kind": "",
    "exit_on_error": "off",
    "client_min_messages": "notice",
    "plpgsql.extra_errors": "none",
    "plpgsql.extra_warnings": "none",
}
# ... and for how long. default_transaction_read_only is not overridden: operators set it to make the database
# read-only.
TIMEOUTS: Final = {
    "idle_in_transaction_session_timeout": "30s",
    "idle_session_timeout": "0",
    "transaction_timeout": "0",
}


def session_options(extra: str, statement_timeout_ms: int) -> str:
    """libpq's `options`, with `extra` last.

    lock_timeout is shorter than statement_timeout, so that waiting for a lock is reported as such.
    """
    limits = {
        "statement_timeout": str(statement_timeout_ms),
        "lock_timeout": str(statement_timeout_ms * 4 // 5),
    }
    ours = FORMATS | SEMANTICS | TIMEOUTS | limits
    return " ".join([*(f"-c {name}={value}" for name, value in ours.items()), extra]).strip()
