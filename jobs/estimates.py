"""How many jobs meet a condition, as far as the planner's statistics tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection

from jobs.criteria import Condition

UNKNOWN: Final = float("inf")


def estimates(conditions: Sequence[Condition]) -> list[float]:
    """For each condition alone, unknown where no index knows it. One query, a third of a millisecond each.

    Asked of all at once, the planner would multiply their shares, and be wrong by thousands where the words of
    a name always come together.
    """
    asked = [condition for condition in conditions if condition.is_indexed]
    if not asked:
        return [UNKNOWN] * len(conditions)
    questions = ", ".join(f"ARRAY(SELECT 1 FROM job WHERE {condition.sql})" for condition in asked)
    with connection.cursor() as cursor:
        params = [value for condition in asked for value in condition.params]
        cursor.execute(f"EXPLAIN (FORMAT json) SELECT {questions}", params)
        [[[plan]]] = cursor.fetchall()
    rows = iter(part["Plan Rows"] for part in plan["Plan"]["Plans"])
    return [next(rows) if condition.is_indexed else UNKNOWN for condition in conditions]
