"""A job's version: the text of its updated_at. Every change moves that on, so no two states of a job share it."""

from collections.abc import Collection
from typing import Final

from jobs.querysets import utc_text_sql

Versions = Collection[str]

DIGITS: Final = "YYYY-MM-DD HH24:MI:SS.US"
TRUNCATED: Final = "The updated_at has lost digits of its seconds on the way: keep it as the text that it is answered as."


class OtherVersion(Exception):
    """The job is there, in none of the versions that the change was meant for. Nothing was changed."""


def is_meant_sql(job: str) -> str:
    """Whether the row may be changed: `%(versions)s` names its version, or is NULL and any will do.

    As part of an UPDATE's or a DELETE's own WHERE it is looked at again under the row's lock, once whoever holds that
    is done: of two changes meant for one version, the second finds another.
    """
    return f"(%(versions)s::text[] IS NULL OR {utc_text_sql(f'{job}.updated_at')} = ANY (%(versions)s::text[]))"


def is_truncated_sql(updated_at: str, seen: str) -> str:
    """Whether `seen` is that moment without its last digits, as clients have it that keep milliseconds, or seconds."""
    kept = f"rtrim(to_char({seen} AT TIME ZONE 'UTC', '{DIGITS}'), '0')"
    whole = f"to_char({updated_at} AT TIME ZONE 'UTC', '{DIGITS}')"
    return f"({seen} <> {updated_at} AND starts_with({whole}, {kept}))"
