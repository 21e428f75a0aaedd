"""One batch of an operation is one statement: it locks the operation's row, changes the next jobs, and moves the cursor.

So it happens wholly or not at all, and once: a second worker waits for the row and finds the cursor moved, and one whose
connection breaks has changed either nothing or all of it. The jobs are locked in id order, as by other changes of many.

`seen` are the next ids, read in the order of the primary key; however few of them are selected, a batch reads no more than
`scan`. `taken` are the first `size` of those that are selected: reading stops there, since a common table expression is
read as far as it is needed.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from django.conf import settings

from jobs.operations.actions import (
    BLANKS,
    DELETE,
    LABEL,
    LOCKED,
    RENAME,
    RESTORE,
    SET_STATUS,
    UNDO_STATUS,
    UNDO_VALUES,
)
from jobs.operations.rows import Action, Work
from jobs.operations.selection import Selection

WITHIN: Final = "> (SELECT last_id FROM steering) AND {0} <= (SELECT upto FROM steering)"

# The numbers after this batch. At the end, the selected jobs that no batch has found are skipped too: they have changed.
DONE: Final = "operation.done + counted.done"
FAILED: Final = "operation.failed + counted.failed"
SKIPPED: Final = "operation.skipped + counted.taken - counted.done - counted.failed"
IS_COUNTED: Final = "reach.last_id IS NULL AND operation.total_relation = 'exact'"

FRAME: Final = f"""
WITH steering AS MATERIALIZED (
    SELECT *, clock_timestamp() - statement_timestamp() AS waited FROM (
        SELECT id, last_id, upto, moment, reason, actor FROM operation
        WHERE id = %(operation)s AND state = 'running' FOR NO KEY UPDATE
    ) AS own
),
seen AS MATERIALIZED ({{candidates}}),
taken AS MATERIALIZED (SELECT id FROM seen WHERE hit LIMIT %(size)s),
{{change}},
reported AS (
    INSERT INTO operation_failure (operation_id, job_id, code, detail)
    SELECT %(operation)s, id, code, detail FROM failed ORDER BY id
    ON CONFLICT DO NOTHING
),
counted AS (
    SELECT (SELECT count(*) FROM taken) AS taken, (SELECT count(*) FROM changed) AS done, (SELECT count(*) FROM {{failures}}) AS failed
),
-- NULL: there is nothing beyond
reach AS (
    SELECT CASE
        WHEN taken = %(size)s THEN (SELECT max(id) FROM taken)
        WHEN (SELECT count(*) FROM seen) = %(scan)s THEN (SELECT max(id) FROM seen)
    END AS last_id
    FROM counted
)
UPDATE operation
SET last_id = coalesce(reach.last_id, operation.upto),
    done = {DONE},
    failed = {FAILED},
    skipped = CASE WHEN {IS_COUNTED} THEN greatest({SKIPPED}, operation.total - ({DONE}) - ({FAILED})) ELSE {SKIPPED} END,
    total = CASE
        WHEN {IS_COUNTED} THEN greatest(operation.total, ({DONE}) + ({FAILED}) + ({SKIPPED}))
        WHEN reach.last_id IS NULL THEN ({DONE}) + ({FAILED}) + ({SKIPPED})
        ELSE operation.total
    END,
    total_relation = CASE WHEN reach.last_id IS NULL THEN 'exact' ELSE operation.total_relation END,
    progress_at = clock_timestamp(),
    state = CASE WHEN reach.last_id IS NULL THEN 'completed' ELSE 'running' END,
    finished_at = CASE WHEN reach.last_id IS NULL THEN clock_timestamp() END
FROM steering, counted, reach WHERE operation.id = steering.id
RETURNING operation.state, counted.taken, extract(epoch FROM steering.waited)::float8
"""

BY_FILTER: Final = f"""
SELECT id, {{condition}} AS hit
FROM (SELECT * FROM job WHERE id {WITHIN.format("id")} ORDER BY id LIMIT %(scan)s) AS job
"""
BY_IDS: Final = f"""
SELECT id, id <> ALL (%(excluded)s::bigint[]) AS hit
FROM unnest(%(ids)s::bigint[]) AS id WHERE id {WITHIN.format("id")} ORDER BY id LIMIT %(scan)s
"""
OF_FAILURES: Final = f"""
SELECT job_id AS id, TRUE AS hit FROM operation_failure
WHERE operation_id = %(retries)s AND job_id {WITHIN.format("job_id")} ORDER BY job_id LIMIT %(scan)s
"""
OF_ENTRIES: Final = f"""
SELECT job_id AS id, TRUE AS hit FROM job_status
WHERE operation_id = %(undoes)s AND job_id {WITHIN.format("job_id")} ORDER BY job_id LIMIT %(scan)s
"""
OF_VALUES: Final = f"""
SELECT job_id AS id, TRUE AS hit FROM operation_before
WHERE operation_id = %(undoes)s AND job_id {WITHIN.format("job_id")} ORDER BY job_id LIMIT %(scan)s
"""
OF_TRASH: Final = f"""
SELECT id, TRUE AS hit FROM trashed_job
WHERE operation_id = %(undoes)s AND id {WITHIN.format("id")} ORDER BY id LIMIT %(scan)s
"""
WHOLE_TRASH: Final = f"""
SELECT id, deleted_at <= (SELECT moment FROM steering) AND id <> ALL (%(excluded)s::bigint[]) AS hit
FROM trashed_job WHERE id {WITHIN.format("id")} ORDER BY id LIMIT %(scan)s
"""


class Statement(NamedTuple):
    """The statement of each batch of an operation: it also has the parameters `size` and `scan`."""

    sql: str
    params: dict[str, Any]


CHANGES: Final = {
    Action.SET_STATUS: (SET_STATUS, "NO KEY UPDATE"),
    Action.LABEL: (LABEL, "NO KEY UPDATE"),
    Action.RENAME: (RENAME, "NO KEY UPDATE"),
    Action.DELETE: (DELETE, "UPDATE"),
}
UNDOS: Final = {
    Action.DELETE: (OF_TRASH, RESTORE),
    Action.SET_STATUS: (OF_ENTRIES, UNDO_STATUS),
    Action.LABEL: (OF_VALUES, UNDO_VALUES),
    Action.RENAME: (OF_VALUES, UNDO_VALUES),
}


def statement_of(work: Work) -> Statement:
    """Raises InvalidQuery for a search that is not valid any more."""
    params: dict[str, Any] = {
        "operation": work.id,
        "actor": work.actor,
        "undoes": work.undoes,
        "retries": work.retries,
        "ids": work.ids,
        "excluded": work.excluded,
        **_values(work),
    }
    if work.action == Action.UNDO:
        candidates, change = UNDOS[Action(work.parameters["undone"])]
        return Statement(
            _framed(OF_FAILURES if work.retries else candidates, change, "steering WHERE FALSE"),
            params,
        )
    if work.action == Action.RESTORE:
        candidates = WHOLE_TRASH if work.ids is None else BY_IDS
        return Statement(
            _framed(OF_FAILURES if work.retries else candidates, RESTORE, "failed"), params
        )
    change, strength = CHANGES[work.action]
    condition, candidates = "TRUE", BY_IDS
    if work.retries:
        candidates = OF_FAILURES
    elif work.ids is None:
        selection = Selection.stored(work.q, work.tz, work.statuses, excluded=work.excluded)
        condition, named = selection.condition(work.moment)
        candidates, params = BY_FILTER.format(condition=condition), params | named
    locked = LOCKED.format(condition=condition, strength=strength)
    return Statement(_framed(candidates, f"{locked.strip()},{change}", "failed"), params)


def _framed(candidates: str, change: str, failures: str) -> str:
    return FRAME.format(candidates=candidates, change=change.strip(), failures=failures)


def _values(work: Work) -> dict[str, Any]:
    """The parameters of the action, as its statement names them."""
    if work.action == Action.LABEL:
        return {"labels": json.dumps(work.parameters["labels"])}
    if work.action == Action.RENAME:
        return {**work.parameters, "blanks": BLANKS}
    if work.action == Action.DELETE:
        return {"keep": settings.TRASH_DAYS > 0}
    return work.parameters
