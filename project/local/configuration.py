"""The environment variables that the web server and the worker read. A test compares these lists with the code."""

import os

NAMES = (
    "ACCESS",
    "ADDRESS_RATE_LIMIT_BURST",
    "ADDRESS_RATE_LIMIT_PER_SECOND",
    "ALLOWED_HOSTS",
    "AUDIT_DAYS",
    "BUILD",
    "CONFIRM_ABOVE",
    "CSRF_TRUSTED_ORIGINS",
    "DB_POOL_SIZE",
    "DEBUG",
    "EXPORT_SECONDS",
    "FEED_CLIENTS",
    "FEED_CLIENTS_PER_USER",
    "HTTPS",
    "IMPORT_MAX_BYTES",
    "IMPORT_MAX_LINES",
    "IMPORT_SECONDS",
    "LIVE_POLLS_PER_SECOND",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "LOG_REQUESTS",
    "LOG_URL_TEMPLATE",
    "METRICS",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_ISSUER",
    "OIDC_IS_SECOND_FACTOR",
    "OIDC_NAME",
    "OIDC_ONLY",
    "OIDC_ROLES",
    "OIDC_ROLES_CLAIM",
    "OIDC_SCOPES",
    "OIDC_SESSION_HOURS",
    "OPEN_TO_EVERYBODY",
    "OPERATION_DAYS",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_SERVICE_NAME",
    "OTEL_TRACES_SAMPLER_ARG",
    "QUERY_BUDGET_MS",
    "RATE_LIMIT_BURST",
    "RATE_LIMIT_PER_SECOND",
    "REQUIRE_SECOND_FACTOR",
    "RETENTION",
    "RETENTION_ARCHIVE",
    "SECRET_KEY",
    "TOKEN_PEPPERS",
    "TRANSFERS_AT_ONCE",
    "TRANSFERS_PER_USER",
    "TRANSFER_STALL_SECONDS",
    "TRASH_DAYS",
    "TRUSTED_PROXIES",
    "WEB_THREADS",
    "WEB_WORKERS",
    "WORKER_BUDGET_MS",
)
"""Variables that a user may set, in either runtime."""

RUNTIME_NAMES = ("DATABASE_URL", "PUBLISHED_ON", "SECRET_KEY_FILE", "STATIC_ROOT", "WEB_BIND")
"""Variables that each runtime sets itself."""


def overrides() -> list[str]:
    """The variables that the user has set, as NAME=value. If they change, the server is restarted."""
    return [f"{name}={os.environ[name]}" for name in NAMES if os.environ.get(name, "").strip()]


def defaults() -> dict[str, str]:
    """An environment with all variables empty, for runs that must not depend on the user's settings."""
    return dict.fromkeys(NAMES, "")
