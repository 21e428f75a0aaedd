"""gunicorn's configuration for tests whose clients are slow: the server never disconnects one.

If a slow client holds a thread, other clients then wait for that thread without end, however fast the machine is.
"""

import struct

from project.server import connection, gunicorn_conf, request_buffer, worker

PATIENCE_SECONDS = 3600

for module, name in (
    (request_buffer, "HEAD_SECONDS"),
    (request_buffer, "BODY_SECONDS"),
    (worker, "LINGER_SECONDS"),
    (connection, "SEND_SECONDS"),
):
    if name not in vars(module):
        raise AttributeError(f"{module.__name__} has no {name}.")
    setattr(module, name, PATIENCE_SECONDS)
connection._STALL = struct.pack("ll", PATIENCE_SECONDS, 0)  # type: ignore[misc]

globals().update({name: value for name, value in vars(gunicorn_conf).items() if name[0] != "_"})
graceful_timeout = PATIENCE_SECONDS
