"""The values that requests give for a job's writable columns, as parameters and in SQL, by the kind of the column.

Each is passed as text: labels as the JSON of a merge patch. Where many jobs are changed at once, NULL means that the column
stays as it is, and an empty text is a key that is removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from jobs.labels import patched_sql
from jobs.rows import COLUMNS, Kind

KINDS: Final = {column.name: column.kind for column in COLUMNS}
NO_LABELS: Final = "'{}'::text[]"


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters for these values."""
    return {
        name: orjson.dumps(value).decode() if KINDS.get(name) is Kind.LABELS else value
        for name, value in values.items()
    }


def new_sql(name: str, parameter: str) -> str:
    """The value of a column of a new job."""
    return _sql(name, parameter, NO_LABELS)


def changed_sql(name: str, parameter: str) -> str:
    """The new value of a column of the row `job`."""
    return _sql(name, parameter, f"job.{name}")


def bulk_sql(name: str, row: str) -> str:
    """The new value of a column of the row `job`, or its present one, as the FROM item `row` says."""
    match KINDS[name]:
        case Kind.LABELS:
            return f"CASE WHEN {row}.{name} IS NULL THEN job.{name} ELSE {changed_sql(name, f'{row}.{name}')} END"
        case Kind.OPTIONAL_TEXT:
            return (
                f"CASE WHEN {row}.{name} IS NULL THEN job.{name} ELSE nullif({row}.{name}, '') END"
            )
        case _:
            return f"coalesce({row}.{name}, job.{name})"


def bulk_given(values: Mapping[str, Any], name: str) -> str | None:
    """The parameter for a column of one of many jobs."""
    if name not in values:
        return None
    text: str | None = given(values)[name]
    return text or ""


def _sql(name: str, parameter: str, stored: str) -> str:
    return (
        patched_sql(stored, f"{parameter}::jsonb") if KINDS.get(name) is Kind.LABELS else parameter
    )
