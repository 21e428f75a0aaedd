"""The environment variables that configure the web server. Rule: a name stands here as soon as the server reads it."""

import os

NAMES = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DB_POOL_SIZE",
    "DEBUG",
    "EXPORT_SECONDS",
    "FEED_CLIENTS",
    "HTTPS",
    "IMPORT_MAX_BYTES",
    "IMPORT_MAX_LINES",
    "IMPORT_SECONDS",
    "LIVE_POLLS_PER_SECOND",
    "LOG_LEVEL",
    "QUERY_BUDGET_MS",
    "SECRET_KEY",
    "TRANSFERS_AT_ONCE",
    "TRANSFER_STALL_SECONDS",
    "WEB_THREADS",
    "WEB_WORKERS",
)
"""What a user may set, in either runtime."""

PLACES = ("DATABASE_URL", "SECRET_KEY_FILE", "STATIC_ROOT", "WEB_BIND")
"""Where things lie, which each runtime knows itself."""


def given() -> list[str]:
    """What the user has set, as NAME=value: with other settings the server starts again."""
    return [f"{name}={os.environ[name]}" for name in NAMES if os.environ.get(name, "").strip()]


def defaults() -> dict[str, str]:
    """An environment in which nothing is set, for what must not depend on the user's."""
    return dict.fromkeys(NAMES, "")
