"""gunicorn's configuration: a few processes with a few threads each, without preloading.

Preloading would share a connection pool between forked workers, which libpq does not allow.
"""

import os
import resource
import shutil
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from gunicorn import util

from jobs import limits
from jobs.access.rates import shared  # noqa: F401  # mapped before the workers are forked
from project.env import env_bool, env_choice, env_int, env_list, env_str
from project.exposure import LOOPBACK_HOSTS, require_guarded
from project.logs import FORMATTERS, server_logs
from project.metrics.folder import make_folder
from project.server.error_responses import write_error

# Each connection, including each client of the change feed, uses a file descriptor: raise the limit as far as allowed,
# up to 16,384.
_, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
_files = 16_384 if _hard == resource.RLIM_INFINITY else min(_hard, 16_384)
if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < _files:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_files, _hard))

wsgi_app = "project.wsgi:application"
bind = env_str("WEB_BIND", "127.0.0.1:8000")

worker_class = "project.server.worker.Worker"
workers = env_int("WEB_WORKERS", 2, at_least=1)
threads = env_int("WEB_THREADS", 4, at_least=1)
# Keeps the heartbeat files in memory where possible: a slow disk must not delay them.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108  # no name in it is guessable
preload_app = False
_metrics = make_folder(worker_tmp_dir) if env_bool("METRICS", False) else None
raw_env = [
    f"QUERY_BUDGET_MS={env_int('QUERY_BUDGET_MS', limits.DEFAULT_STATEMENT_TIMEOUT_MS)}",
    f"PGAPPNAME={env_str('PGAPPNAME', 'jobs-web')}",
]

# Idle connections use a file descriptor each, but no thread.
worker_connections = _files // 2
timeout = 30
graceful_timeout = 15
keepalive = 15

limit_request_line = limits.MAX_REQUEST_LINE_BYTES
limit_request_field_size = limits.MAX_HEADER_BYTES
limit_request_fields = limits.MAX_HEADERS
control_socket_disable = True
# Request headers do not set SCRIPT_NAME or the URL scheme. With HTTPS=yes, Django reads the scheme that a proxy sends.
forwarder_headers = ""
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
# Responses go through project.server.connection, which does not block on slow clients.
sendfile = False
# gunicorn's error responses are HTML, and no setting changes that.
util.write_error = write_error

accesslog = None
errorlog = "-"
logconfig_dict = server_logs(env_choice("LOG_FORMAT", "text", *FORMATTERS))
loglevel = "info"


def on_starting(server: Any) -> None:
    """Refuses to serve others without a login, before it listens."""
    # A path is a socket on this machine; what an inherited socket listens on is not known yet.
    addresses = [
        address[0] if isinstance(address, tuple) else ""
        for address in server.cfg.address
        if not isinstance(address, str)
    ]
    if os.environ.get("LISTEN_FDS"):
        addresses.append("")
    try:
        require_guarded(
            env_choice("ACCESS", "open", "open", "login"),
            env_bool("OPEN_TO_EVERYBODY", False),
            env_list("ALLOWED_HOSTS", LOOPBACK_HOSTS),
            addresses,
            env_str("PUBLISHED_ON", ""),
        )
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def on_exit(server: Any) -> None:
    if _metrics:
        shutil.rmtree(_metrics, ignore_errors=True)


def worker_exit(server: Any, worker: Any) -> None:
    """Ends the event streams, so that their clients reconnect: gunicorn does not know them."""
    if hub := sys.modules.get("jobs.api.events.hub"):
        hub.hub.stop()
