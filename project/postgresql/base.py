"""Django's PostgreSQL backend, with a look at each pooled connection that costs no round trip."""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, Error


class DatabaseWrapper(base.DatabaseWrapper):
    """A restarted server costs no request: connections that it left behind are never handed out.

    Django's own check asks the server a question before every request. A server that ends a connection tells
    it, so an idle connection with nothing to read is a living one.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and not lives(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def lives(connection: Connection[Any]) -> bool:
    if not _has_something_to_read(connection):
        return True
    try:  # a notice is no farewell
        connection.execute("")
    except Error:
        return False
    return True


def _has_something_to_read(connection: Connection[Any]) -> bool:
    try:
        descriptor = connection.fileno()
    except Error:  # closed already
        return True
    looked = poll()
    looked.register(descriptor, POLLIN)
    return bool(looked.poll(0))
