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

wsgi_app = "project.wsgi:application"
bind = env_str("WEB_BIND", "127.0.0.1:8000")

worker_class = "project.worker.Worker"
workers = env_int("WEB_WORKERS", 2, at_least=1)
threads = env_int("WEB_THREADS", 4, at_least=1)
# Heartbeats must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  # no name in it is guessable
preload_app = False
raw_env = [f"QUERY_BUDGET_MS={env_int('QUERY_BUDGET_MS', 3_000)}"]

timeout = 30
graceful_timeout = 15
keepalive = 15

limit_request_line = 8190  # a signed cursor and a 255-character search, percent-encoded
limit_request_field_size = 8190
control_socket_disable = True
# gunicorn has no setting for the form of its refusals (HTML).
util.write_error = write_error

accesslog = None
errorlog = "-"
loglevel = "info"

# Whoever waits for events holds a file: as many as the machine lets us, up to a number that is enough.
_, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
_files = 16_384 if _hard == resource.RLIM_INFINITY else min(_hard, 16_384)
if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < _files:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_files, _hard))


def worker_exit(server: Any, worker: Any) -> None:
    """Those who wait for events are told, so that they come again: gunicorn does not know of them."""
    if hub := sys.modules.get("jobs.api.hub"):
        hub.hub.stop()
