"""A job's version: its updated_at as text. Every change advances updated_at, so each state has a version of its own."""

from collections.abc import Collection
from typing import ClassVar, Final

from jobs.rows import utc_text_sql

Versions = Collection[str]

DIGITS: Final = "YYYY-MM-DD HH24:MI:SS.US"
TRUNCATED: Final = "The updated_at is truncated. Send it exactly as it was returned, with all digits of its seconds."


class VersionMismatch(Exception):
    """The job exists, but its version is none of the expected ones. Nothing was changed."""

    resource: ClassVar[str] = "job"


def version_matches_sql(job: str) -> str:
    """A condition: the row's version is among `%(versions)s`, or `%(versions)s` is NULL.

    In the WHERE of an UPDATE or a DELETE, PostgreSQL evaluates it again once it has the row's lock: of two concurrent
    changes that expect the same version, the second one does not match.
    """
    return f"(%(versions)s::text[] IS NULL OR {utc_text_sql(f'{job}.updated_at')} = ANY (%(versions)s::text[]))"


def is_truncated_sql(updated_at: str, expected: str) -> str:
    """A condition: `expected` is `updated_at` truncated, as clients do that store only milliseconds or seconds."""
    prefix = f"rtrim(to_char({expected} AT TIME ZONE 'UTC', '{DIGITS}'), '0')"
    full = f"to_char({updated_at} AT TIME ZONE 'UTC', '{DIGITS}')"
    return f"({expected} <> {updated_at} AND starts_with({full}, {prefix}))"
