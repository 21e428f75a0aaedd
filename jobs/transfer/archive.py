"""Archives: files of jobs with their histories, written before the jobs are deleted."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any, Final

from django.db import connection
from psycopg import ClientCursor

from jobs.actors import username_sql
from jobs.backend import extended_timeout
from jobs.labels import labels_json_sql
from jobs.rows import COLUMNS, Kind, utc_text_sql
from jobs.timeouts import TimeLimitExceeded, timebox

# Of one snapshot, while the oldest row that it can see keeps others from being cleaned up.
ARCHIVE_SECONDS: Final = 3_600
TOO_LONG: Final = "The archive took too long."
# A compromise between CPU time and size: a quarter of the text, at a hundred megabytes per second.
COMPRESSION: Final = 1

ENTRY: Final = f"""json_strip_nulls(json_build_object(
    'id', entry.id, 'status_type', entry.status_type, 'timestamp', {utc_text_sql('entry."timestamp"')},
    'undoes', entry.undoes, 'reason', entry.reason, 'source', entry.source,
    'occurred_at', {utc_text_sql("entry.occurred_at")}, 'operation_id', entry.operation_id,
    'actor', {username_sql("entry.actor")}
))"""
STATUSES: Final = f"""(
    SELECT coalesce(json_agg({ENTRY} ORDER BY entry.id), '[]') FROM job_status AS entry WHERE entry.job_id = job.id
)"""
# JSON has no control characters, so as CSV with these its lines are as they are.
COPY: Final = """
COPY (SELECT {line} FROM job WHERE {condition} ORDER BY id)
TO STDOUT (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')
"""


def write_archive(target: Path, condition: str, params: dict[str, Any]) -> int:
    """Writes the jobs that meet the condition, of columns of `job`, as NDJSON compressed by gzip; returns how many.

    A line is a job as the API sends it, with its `statuses`, oldest first. The file has its name only once it is whole
    and on the disk; an older one with this name is replaced. Raises OSError, TimeoutError among them.
    """
    statement = COPY.format(line=f"json_build_object({_pairs()})", condition=condition)
    partial = target.with_name(f".{target.name}.part")
    try:
        with open(partial, "wb", opener=_private) as file:
            with gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0) as packed:
                jobs = _copy(statement, params, packed)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except TimeLimitExceeded as error:
        raise TimeoutError(TOO_LONG) from error
    finally:
        partial.unlink(missing_ok=True)
    _sync(target.parent)
    return jobs


def _copy(statement: str, params: dict[str, Any], file: gzip.GzipFile) -> int:
    """Returns the number of lines."""
    seconds = ARCHIVE_SECONDS
    with extended_timeout(seconds), timebox(seconds), connection.cursor() as cursor:
        text = ClientCursor(connection.connection).mogrify(statement, params)
        with connection.wrap_database_errors, cursor.copy(text) as copy:
            for part in copy:
                file.write(part)
        return int(cursor.rowcount)


def _pairs() -> str:
    """The arguments of json_build_object for a job and its statuses."""
    values = {column.name: f"job.{column.name}" for column in COLUMNS}
    for name, kind, *_ in COLUMNS:
        if kind is Kind.TIME:
            values[name] = utc_text_sql(values[name])
        elif kind is Kind.LABELS:
            values[name] = f"({labels_json_sql(values[name])})::json"
    values["statuses"] = STATUSES
    return ", ".join(f"'{name}', {sql}" for name, sql in values.items())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(directory: Path) -> None:
    """The directory too: else the name could be lost, with the machine, when the jobs are gone already."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
