"""How sessions of the database begin, for the settings: it needs nothing of Django's."""

from typing import Final

CONNECT_SECONDS: Final = 5

# What statements, their results and the functions of the database rely on, whatever the server, the database or the
# role has set: how values are written and read, ...
AS_WRITTEN: Final = {
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
# ... what a statement may see and do, ...
AS_MEANT: Final = {
    "default_transaction_isolation": "read\\ committed",
    "default_transaction_deferrable": "off",
    "row_security": "on",
    "gin_fuzzy_search_limit": "0",  # else a search finds some of what there is
    "restrict_nonsystem_relation_kind": "",
    "exit_on_error": "off",
    "client_min_messages": "notice",
    "plpgsql.extra_errors": "none",
    "plpgsql.extra_warnings": "none",
}
# ... and for how long. default_transaction_read_only is left alone: that is a word of whoever runs the database.
AS_LONG: Final = {
    "idle_in_transaction_session_timeout": "30s",
    "idle_session_timeout": "0",
    "transaction_timeout": "0",
}


def session_options(given: str, budget_ms: int) -> str:
    """What a session begins with; `given` comes last. Waiting for a lock ends before the statement does: it is told as that."""
    limits = {"statement_timeout": str(budget_ms), "lock_timeout": str(budget_ms * 4 // 5)}
    ours = AS_WRITTEN | AS_MEANT | AS_LONG | limits
    return " ".join([*(f"-c {name}={value}" for name, value in ours.items()), given]).strip()
