"""Labels of a job: an object of texts for clients, stored as a sorted array of `key=value`.

A key has no `=`, so a stored label is split at its first one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

MAX_LABELS: Final = 16
MAX_LABEL_KEY: Final = 63
MAX_LABEL_VALUE: Final = 255
SEPARATOR: Final = "="
LABEL_KEY: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?", re.ASCII)


def labels_object(stored: Iterable[str]) -> dict[str, str]:
    """The labels as clients see them."""
    return {key: value for key, _, value in (label.partition(SEPARATOR) for label in stored)}


def labels_json_sql(stored: str) -> str:
    """The same as JSON text, in the order in which the labels are stored."""
    return f"""CASE WHEN {stored} = '{{}}' THEN '{{}}' ELSE (
        SELECT '{{' || string_agg(
            to_json(split_part(label, '=', 1))::text || ':' || to_json(substr(label, strpos(label, '=') + 1))::text,
            ',' ORDER BY place
        ) || '}}' FROM unnest({stored}) WITH ORDINALITY AS each (label, place)
    ) END"""


def patched_sql(stored: str, patch: str) -> str:
    """The stored labels after a JSON Merge Patch (RFC 7396), given as jsonb: null removes a label."""
    return f"""ARRAY(
        SELECT label FROM (
            SELECT label FROM unnest({stored}) AS label WHERE NOT jsonb_exists({patch}, split_part(label, '=', 1))
            UNION ALL
            SELECT key || '=' || value FROM jsonb_each_text({patch}) WHERE value IS NOT NULL
        ) AS patched ORDER BY label COLLATE "C"
    )"""
