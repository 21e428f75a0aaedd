"""How gunicorn serves: a few processes of a few threads each, nothing preloaded.

Preloading would share one database pool between forked workers, which libpq forbids.
"""

import os
import resource
import sys
from typing import Any

from gunicorn import util

from project.env import env_int, env_str
from project.refusals import write_error

# Each connection holds a file, a client of the change feed too: as many as the machine lets us, within reason.
_, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
_files = 16_384 if _hard == resource.RLIM_INFINITY else min(_hard, 16_384)
if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < _files:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_files, _hard))

wsgi_app = "project.wsgi:application"
bind = env_str("WEB_BIND", "127.0.0.1:8000")

worker_class = "project.worker.Worker"
workers = env_int("WEB_WORKERS", 2, at_least=1)
threads = env_int("WEB_THREADS", 4, at_least=1)
# Heartbeats must not wait for a disk, where there is memory that can be written to.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108  # no name in it is guessable
preload_app = False
raw_env = [f"QUERY_BUDGET_MS={env_int('QUERY_BUDGET_MS', 3_000)}"]

# Connections that say nothing take a file each, and no thread.
worker_connections = _files // 2
timeout = 30
graceful_timeout = 15
keepalive = 15

limit_request_line = 8190  # a signed cursor and a 255-character search, percent-encoded
limit_request_field_size = 16_380  # browsers and htmx tell in a header of which page they ask
control_socket_disable = True
# No header of a client says where the application is mounted, or by which scheme it is reached. What a proxy says of
# the scheme is read by Django, with HTTPS=yes.
forwarder_headers = ""
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
# Answers go through project.connection, which does not wait for the client.
sendfile = False
# gunicorn has no setting for the form of its refusals (HTML).
util.write_error = write_error

accesslog = None
errorlog = "-"
loglevel = "info"


def worker_exit(server: Any, worker: Any) -> None:
    """Those who wait for events are told, so that they come again: gunicorn does not know of them."""
    if hub := sys.modules.get("jobs.api.hub"):
        hub.hub.stop()
