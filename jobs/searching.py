"""Reading a search in the order of the list, bounded whether its matches are common, rare or far away.

The planner believes that matches lie evenly along an index. Where they are all old, it walks the index of the
ordering through millions of rows to find them. So a search goes in two steps, in one query: a short walk along the
ordering, which finds common terms at once; and, only when the walk has not filled the page, all matches by
trigram, sorted, which is quick for what is rare.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from jobs.keyset import Reader, Stretch
from jobs.querysets import JobQuerySet, JobRow, name_pattern

# Rows that the walk may visit. Terms in more than one name of four hundred fill a page of fifty within it.
WALK: Final = 20_000
MATCHES: Final = 'name_key LIKE lower(%s COLLATE "pg_c_utf8")'
TRIGRAM: Final = re.compile(r"[^\W_]{3}")


def has_trigram(term: str) -> bool:
    """Whether the trigram index can serve the term: three letters or digits in a row."""
    return TRIGRAM.search(term) is not None


def in_two_steps(branches: Sequence[JobQuerySet], term: str) -> Reader:
    """Reads the union of querysets without a common row, where the name contains the term. One query."""

    def read(stretch: Stretch) -> list[Any]:
        order = _order(stretch)
        page = f"ORDER BY {order} LIMIT {stretch.size}"
        walks: list[str] = []
        matches: list[str] = []
        walk_params: list[Any] = []
        match_params: list[Any] = []
        for branch in branches:
            sql, params = _compiled(replace(stretch, size=WALK).of(branch))
            walks.append(f"(SELECT * FROM ({sql}) AS walk WHERE {MATCHES} {page})")  # noqa: S608  # as below
            walk_params += [*params, name_pattern(term)]
            sql, params = _compiled(stretch.beyond_key(branch.search(term)))
            matches.append(sql)
            match_params += params
        # OFFSET 0 keeps the two halves apart: without it the planner would walk the ordering again.
        query = f"""
            WITH walked AS MATERIALIZED (
                SELECT * FROM ({" UNION ALL ".join(walks)}) AS walks {page}
            ), filled AS MATERIALIZED (SELECT count(*) = {stretch.size} AS yes FROM walked)
            SELECT * FROM (
                SELECT * FROM walked WHERE (SELECT yes FROM filled)
                UNION ALL
                (
                    SELECT * FROM ({" UNION ALL ".join(matches)} OFFSET 0) AS matches
                    WHERE NOT (SELECT yes FROM filled) {page}
                )
            ) AS either ORDER BY {order}
        """  # noqa: S608  # compiled by the ORM, or constants above
        with connection.cursor() as cursor:
            cursor.execute(query, [*walk_params, *match_params])
            return [JobRow._make(row) for row in cursor.fetchall()]

    return read


def _compiled(jobs: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    return jobs.values_list(*JobRow._fields).query.sql_with_params()


def _order(stretch: Stretch) -> str:
    direction = "DESC" if stretch.ordering.descending != stretch.backwards else "ASC"
    return ", ".join(f"{field} {direction}" for field in stretch.ordering.fields)
