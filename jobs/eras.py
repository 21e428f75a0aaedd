"""The era of the change feed that events are written in: docs/decisions/0026."""

from django.db import connection


def begin_era() -> None:
    """Begin the era where it has not begun, in a transaction of its own.

    For what writes in a long one: if that began the era, all other writers and readers would wait for its end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT job_feed_current() IS NOT NULL")
        if not cursor.fetchone()[0]:
            cursor.execute("SELECT job_feed_raise(true)")
