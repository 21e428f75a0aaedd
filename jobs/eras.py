"""Eras of the change feed: docs/decisions/0026."""

from django.db import connection


def begin_era() -> None:
    """Begins the current era in a transaction of its own, if it has not begun.

    Call it before a long transaction that writes: if that one began the era, all other writers and readers would wait
    for its end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT job_feed_current() IS NOT NULL")
        if not cursor.fetchone()[0]:
            cursor.execute("SELECT job_feed_raise(true)")
