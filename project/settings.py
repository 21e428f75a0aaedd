"""Django settings, in the order of Django's settings reference. Deployment settings come from environment variables."""

from pathlib import Path
from typing import Any

from jobs.limits import MAX_BODY_BYTES, MAX_RATE
from jobs.version import VERSION
from project.database import CONNECT_SECONDS, session_options
from project.env import (
    env_bool,
    env_choice,
    env_database,
    env_int,
    env_list,
    env_log_url,
    env_peppers,
    env_secret,
    env_str,
)
from project.exposure import LOOPBACK_HOSTS
from project.login import login_middleware
from project.logs import FORMATTERS
from project.single_sign_on import single_sign_on
from project.telemetry import telemetry

BASE_DIR = Path(__file__).resolve().parent.parent

WEB_THREADS = env_int("WEB_THREADS", 4, at_least=1)

# Who may use the dashboard: everybody who reaches it, or those who log in (project/exposure.py)
ACCESS = env_choice("ACCESS", "open", "open", "login")
OPEN_TO_EVERYBODY = env_bool("OPEN_TO_EVERYBODY", False)

# Requests, by token or user, and those of nobody known by address (jobs/access/rates): so many at once, and so many per
# second in the long run; 0 for no limit.
_KNOWN, _NOBODY = (100, 20) if ACCESS == "login" else (0, 0)
RATE_LIMIT_PER_SECOND = env_int("RATE_LIMIT_PER_SECOND", _KNOWN, at_most=MAX_RATE)
RATE_LIMIT_BURST = env_int("RATE_LIMIT_BURST", 1_000, at_least=1, at_most=MAX_RATE)
ADDRESS_RATE_LIMIT_PER_SECOND = env_int("ADDRESS_RATE_LIMIT_PER_SECOND", _NOBODY, at_most=MAX_RATE)
ADDRESS_RATE_LIMIT_BURST = env_int("ADDRESS_RATE_LIMIT_BURST", 200, at_least=1, at_most=MAX_RATE)

# Core
# What was built, as its builder calls it
BUILD = env_str("BUILD", "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", LOOPBACK_HOSTS)
APPEND_SLASH = True
# Entries of the audit log are kept for so long; 0 keeps them.
AUDIT_DAYS = env_int("AUDIT_DAYS", 400, at_most=36_500)
DATABASES: dict[str, dict[str, Any]] = {
    "default": env_database("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/jobs")
}
_OTHER_CONNECTIONS = 5 if ACCESS == "login" else 2
DATABASES["default"]["OPTIONS"] |= {
    # One pool per worker process, with a connection for each thread: those for reads, those for changes, the health
    # check's and the one that reads the change feed; with a login, also those for logins and for the API's reference,
    # and the one that looks for revocations. A request never waits for another's connection.
    "pool": {
        "min_size": 1,
        "max_size": env_int("DB_POOL_SIZE", 2 * WEB_THREADS + _OTHER_CONNECTIONS, at_least=1),
        "timeout": 5,
    },
    "connect_timeout": CONNECT_SECONDS,
    # Detects a server that is gone; without these settings, its connections would hang for hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# PostgreSQL cancels a statement that takes longer. Only the web server sets it (project/server/gunicorn_conf.py): migrations
# and seeding have no limit.
QUERY_BUDGET_MS = env_int("QUERY_BUDGET_MS", 0)
DATABASES["default"]["OPTIONS"]["options"] = session_options(
    DATABASES["default"]["OPTIONS"].get("options", ""), QUERY_BUDGET_MS
)
DATABASES["default"]["TEST"] = {"TEMPLATE": "template0"}
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
DEBUG = env_bool("DEBUG", False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Clients that may wait for events in each process, provided it may open that many files (project/server/gunicorn_conf.py).
FEED_CLIENTS = env_int("FEED_CLIENTS", 2_000)
# Of these, one user's. Without a login, there are no users.
FEED_CLIENTS_PER_USER = env_int("FEED_CLIENTS_PER_USER", 500, at_least=1)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "django_tables2",
    "django_vite",
    "procrastinate.contrib.django",
    "allauth",
    "project.accounts.AccountConfig",
    "allauth.mfa",
    "jobs",
]
EXPORT_SECONDS = env_int("EXPORT_SECONDS", 3_600, at_least=1)
IMPORT_MAX_BYTES = env_int("IMPORT_MAX_BYTES", 1 << 30, at_least=1)
IMPORT_MAX_LINES = env_int("IMPORT_MAX_LINES", 10_000_000, at_least=1)
IMPORT_SECONDS = env_int("IMPORT_SECONDS", 900, at_least=1)
LANGUAGE_CODE = "en"
# Polls from open tabs that each process accepts per second; with more tabs, each polls less often.
LIVE_POLLS_PER_SECOND = env_int("LIVE_POLLS_PER_SECOND", 25, at_least=1)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": FORMATTERS[env_choice("LOG_FORMAT", "text", *FORMATTERS)]}},
    "filters": {"one_line": {"()": "project.logs.OneLineErrors"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line"]}
    },
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "WARNING")},
    # A line for each call of a tool by an agent and, with LOG_REQUESTS, for each request
    "loggers": {"jobs.mcp": {"level": "INFO"}, "project.handler": {"level": "INFO"}},
}
LOG_REQUESTS = env_bool("LOG_REQUESTS", False)
LOG_URL_TEMPLATE = env_log_url("LOG_URL_TEMPLATE")
# Whether /metrics answers, and requests are counted for it
METRICS = env_bool("METRICS", False)
OTEL = telemetry(
    env_str("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
    env_str("OTEL_EXPORTER_OTLP_HEADERS", ""),
    env_str("OTEL_SERVICE_NAME", "job-dashboard"),
    env_str("OTEL_TRACES_SAMPLER_ARG", "1"),
)
MIDDLEWARE = [
    "project.middleware.security_headers",
    "project.middleware.https_required",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "project.middleware.AppendSlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "project.guard.Guard",
    "django_htmx.middleware.HtmxMiddleware",
]
if ACCESS == "login":
    MIDDLEWARE = login_middleware(MIDDLEWARE)
# Finished operations are kept for so long; 0 keeps them.
OPERATION_DAYS = env_int("OPERATION_DAYS", 90, at_most=36_500)
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = ["jobs.operations.tasks", "jobs.operations.retention"]
ROOT_URLCONF = "project.login_urls" if ACCESS == "login" else "project.urls"
SINGLE_SIGN_ON = single_sign_on(ACCESS)
SECRET_KEY = env_secret("SECRET_KEY", "SECRET_KEY_FILE", BASE_DIR / ".local" / "secret-key")
# Numbered secrets for the digests of API tokens, besides number 0, which is derived from SECRET_KEY.
TOKEN_PEPPERS = env_peppers("TOKEN_PEPPERS")
# TLS is terminated by a proxy; set HTTPS=yes behind one.
HTTPS = env_bool("HTTPS", False)
# Over HTTPS, browsers accept a cookie with this prefix from this host alone: others of the domain cannot set one.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "project.errors.csrf_failed"
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [])
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
# The health probe bypasses the proxy.
SECURE_REDIRECT_EXEMPT = [r"^api/health/(live/|ready/)?$"]
# HSTS does not include subdomains and preloading: they may serve something else (W005, W021). X-Frame-Options is sent
# by project.middleware (W002).
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W005", "security.W021"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "jobs.access.context.access",
            ]
        },
    }
]
TIME_ZONE = "UTC"
# How long deleted jobs can be restored; 0 deletes them for good.
TRASH_DAYS = env_int("TRASH_DAYS", 7, at_most=36_500)
# How long jobs are kept after their last change, by status, as COMPLETED:90,FAILED:365. Without a rule, for ever.
RETENTION = env_list("RETENTION", [])
RETENTION_ARCHIVE = env_str("RETENTION_ARCHIVE", "")
MAX_RETENTION_DAYS = 36_500
# The pages ask for the number before they delete more jobs than this at once.
CONFIRM_ABOVE = env_int("CONFIRM_ABOVE", 1_000)
# Concurrent exports and imports in each process, and how long one waits for a client that neither reads nor sends.
TRANSFERS_AT_ONCE = env_int("TRANSFERS_AT_ONCE", max(1, WEB_THREADS // 2), at_least=1)
# Of these, one user's; the last one is for others. Without a login, there are no users.
TRANSFERS_PER_USER = env_int("TRANSFERS_PER_USER", max(1, TRANSFERS_AT_ONCE - 1), at_least=1)
TRANSFER_STALL_SECONDS = env_int("TRANSFER_STALL_SECONDS", 30, at_least=1)
USE_I18N = False
USE_TZ = True
WSGI_APPLICATION = "project.wsgi.application"

# Static files: hand-written CSS and the islands built by Vite
STATIC_ROOT = Path(env_str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATIC_URL = "/static/"
ISLANDS_DIST = BASE_DIR / "islands" / "dist"
# Without the app directories finder: static files of libraries are not served.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATICFILES_DIRS = [BASE_DIR / "project" / "static", ISLANDS_DIST]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "project.storage.StaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Django separates the hash in a file name with a dot, Vite with a hyphen.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+(\.[0-9a-f]{12}|/assets/.+-[\w-]{8})\.\w+$"
DJANGO_VITE = {
    "default": {"dev_mode": False, "manifest_path": ISLANDS_DIST / ".vite" / "manifest.json"}
}

# Login. Open mode reads none of these.
ACCOUNT_ADAPTER = "jobs.access.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# For so long after a login or a confirmation, in seconds, what matters most asks for none.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
# Behind so many proxies, the address of a client is what the outermost of them wrote to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXIES", 0, at_most=10)
AUTHENTICATION_BACKENDS = ["jobs.access.backend.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Shared by all processes: what it counts are attempts to log in.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "login_limit",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
MFA_ADAPTER = "jobs.access.factors.FactorAdapter"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# The clock of a phone may be off by one step of 30 seconds.
MFA_TOTP_TOLERANCE = 1
# Without HTTPS, browsers offer passkeys on http://localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# Whether an account without a second factor may do nothing but add one.
REQUIRE_SECOND_FACTOR = env_bool("REQUIRE_SECOND_FACTOR", False)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SSO_COOKIE_NAME = f"{COOKIE_PREFIX}single-sign-on"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS

# The JSON API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["jobs.api.http.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["jobs.api.http.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "jobs.api.problems.handler.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Job Management Dashboard",
    "DESCRIPTION": "View, create, update and delete computational jobs.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "jmd_<key>.<secret><checksum>",
                "description": "An API token, where the dashboard requires a login. Its scope and the role of its user"
                " say what it may do.",
            }
        }
    },
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "StatusType": "jobs.statuses.StatusType.choices",
        "EventType": "jobs.feed.TYPES",
        "Source": "jobs.api.serializers.ENTRY_SOURCES",
        "CountRelation": "jobs.api.serializers.COUNT_RELATIONS",
        # As it was called when operations alone had a state
        "StateEnum": "jobs.api.operations.fields.STATES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "jobs.api.openapi.hooks.describe_errors",
        "jobs.api.openapi.shapes.adapt_to_generators",
    ],
    "TAGS": [
        {"name": "jobs", "description": "Jobs, their status histories, counts and events."},
        {"name": "trash", "description": "Deleted jobs, which can be restored."},
        {"name": "operations", "description": "Changes of many jobs in the background."},
        {"name": "audit", "description": "Who did what, for admins."},
        {"name": "views", "description": "Saved views: names for searches of the list of jobs."},
        {
            "name": "service",
            "description": "The service itself: its URLs, health and OpenAPI document.",
        },
    ],
}
