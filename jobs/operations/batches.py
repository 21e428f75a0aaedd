"""One batch of an operation is one statement: it locks the operation's row, changes the next jobs, and moves the cursor.

So it happens wholly or not at all, and once: a second worker waits for the row and finds the cursor moved, and one whose
connection breaks has changed either nothing or all of it. The jobs are locked in id order, as by other changes of many.

`seen` are the next ids, read in the order of the primary key; however few of them are selected, a batch reads no more than
`scan`. `taken` are the first `size` of those that are selected: reading stops there, since a common table expression is
read as far as it is needed. A change provides `changed` (id) and `failed` (id, code, detail).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from jobs.names import VISIBLE_IN_DATABASE
from jobs.operations.rows import Action, Work
from jobs.operations.selection import Selection

MAX_LABELS: Final = 16
MAX_NAME_LENGTH: Final = 255
# What str.strip() removes, as names are trimmed
BLANKS: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
LATER: Final = "greatest(clock_timestamp(), job.updated_at + interval '1 microsecond')"
WITHIN: Final = "> (SELECT last_id FROM steering) AND {0} <= (SELECT upto FROM steering)"

# The numbers after this batch. At the end, the selected jobs that no batch has found are skipped too: they have changed.
DONE: Final = "operation.done + counted.done"
FAILED: Final = "operation.failed + counted.failed"
SKIPPED: Final = "operation.skipped + counted.taken - counted.done - counted.failed"
IS_COUNTED: Final = "reach.last_id IS NULL AND operation.total_relation = 'exact'"

FRAME: Final = f"""
WITH steering AS MATERIALIZED (
    SELECT id, last_id, upto, moment, reason, actor FROM operation
    WHERE id = %(operation)s AND state = 'running' FOR NO KEY UPDATE
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
RETURNING operation.state, counted.taken
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

# A job that has changed since the operation was created is left alone. The condition is checked again once the job is
# locked, against its newest version. In CASE, so that no index is used but that of the ids.
LOCKED: Final = """
locked AS MATERIALIZED (
    SELECT * FROM job
    WHERE id = ANY (ARRAY(SELECT id FROM taken))
        AND CASE WHEN updated_at <= (SELECT moment FROM steering) THEN {condition} ELSE FALSE END
    ORDER BY id FOR {strength}
)
"""
NONE_FAILED: Final = (
    "failed AS (SELECT 0::bigint AS id, '' AS code, '' AS detail FROM steering WHERE FALSE)"
)
SET_STATUS: Final = f"""
changed AS (
    UPDATE job SET current_status = %(status_type)s, updated_at = {LATER}
    FROM locked WHERE job.id = locked.id
    RETURNING job.id, job.current_status, job.updated_at
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", reason, source, actor, operation_id)
    SELECT changed.id, current_status, updated_at, reason, 'operation', actor, steering.id
    FROM changed, steering ORDER BY changed.id
),
{NONE_FAILED}
"""
# The one place that deletes jobs.
DELETE: Final = f"""
changed AS (DELETE FROM job USING locked WHERE job.id = locked.id RETURNING job.id),
{NONE_FAILED}
"""
RENAME: Final = f"""
renamed AS MATERIALIZED (
    SELECT id, name, btrim(replace(name, %(find)s, %(replace)s), %(blanks)s) AS new_name FROM locked
),
checked AS MATERIALIZED (
    SELECT *, CASE
        WHEN char_length(new_name) > {MAX_NAME_LENGTH} THEN 'max_length'
        WHEN new_name !~ '{VISIBLE_IN_DATABASE}' THEN 'blank'
        ELSE ''
    END AS code
    FROM renamed WHERE new_name <> name
),
changed AS (
    UPDATE job SET name = new_name, updated_at = {LATER}
    FROM checked WHERE job.id = checked.id AND code = ''
    RETURNING job.id
),
before AS (
    INSERT INTO operation_before (operation_id, job_id, name, new_name)
    SELECT %(operation)s, checked.id, name, new_name FROM checked JOIN changed USING (id) ORDER BY checked.id
),
failed AS (
    SELECT id, code, CASE code
        WHEN 'blank' THEN 'The new name would have no visible character.'
        ELSE 'The new name would be longer than {MAX_NAME_LENGTH} characters.'
    END AS detail
    FROM checked WHERE code <> ''
)
"""
LABEL: Final = f"""
labeled AS MATERIALIZED (
    SELECT id, labels, ARRAY(
        SELECT label FROM (
            SELECT label FROM unnest(labels) AS label WHERE split_part(label, '=', 1) <> ALL (%(replaced)s::text[])
            UNION ALL SELECT unnest(%(added)s::text[])
        ) AS kept ORDER BY label COLLATE "C"
    ) AS new_labels FROM locked
),
checked AS MATERIALIZED (SELECT * FROM labeled WHERE new_labels <> labels),
changed AS (
    UPDATE job SET labels = new_labels, updated_at = {LATER}
    FROM checked WHERE job.id = checked.id AND cardinality(new_labels) <= {MAX_LABELS}
    RETURNING job.id
),
before AS (
    INSERT INTO operation_before (operation_id, job_id, labels, new_labels)
    SELECT %(operation)s, checked.id, labels, new_labels FROM checked JOIN changed USING (id) ORDER BY checked.id
),
failed AS (
    SELECT id, 'too_many_labels' AS code, 'The job would have more than {MAX_LABELS} labels.' AS detail
    FROM checked WHERE cardinality(new_labels) > {MAX_LABELS}
)
"""
# What an undo leaves alone is reported, but has not failed: it counts as skipped.
LEFT_ALONE: Final = """
failed AS (
    SELECT taken.id,
        CASE WHEN locked.id IS NULL THEN 'job_not_found' ELSE 'job_changed' END AS code,
        CASE WHEN locked.id IS NULL THEN 'The job was deleted.' ELSE 'The job has changed since, and was left alone.' END AS detail
    FROM taken LEFT JOIN locked ON locked.id = taken.id LEFT JOIN changed ON changed.id = taken.id
    WHERE changed.id IS NULL
)
"""
# The history is that of the statement's snapshot: a job that was changed between that and its lock has a newer version
# than `known`, and is left alone.
UNDO_STATUS: Final = f"""
known AS MATERIALIZED (SELECT id, updated_at FROM job WHERE id = ANY (ARRAY(SELECT id FROM taken))),
locked AS MATERIALIZED (
    SELECT id, updated_at FROM job WHERE id = ANY (ARRAY(SELECT id FROM taken)) ORDER BY id FOR NO KEY UPDATE
),
target AS MATERIALIZED (
    SELECT locked.id, newest.id AS undoes, newest.before
    FROM locked JOIN known USING (id, updated_at) CROSS JOIN LATERAL (
        SELECT id, operation_id, lead(status_type) OVER (ORDER BY id DESC) AS before
        FROM job_status WHERE job_id = locked.id ORDER BY id DESC LIMIT 1
    ) AS newest
    WHERE newest.operation_id = %(undoes)s AND newest.before IS NOT NULL
),
changed AS (
    UPDATE job SET current_status = target.before, updated_at = {LATER}
    FROM target WHERE job.id = target.id
    RETURNING job.id, job.current_status, job.updated_at, target.undoes
),
history AS (
    INSERT INTO job_status (job_id, status_type, "timestamp", undoes, reason, source, actor, operation_id)
    SELECT changed.id, current_status, updated_at, undoes, reason, 'undo', actor, steering.id
    FROM changed, steering ORDER BY changed.id
),
{LEFT_ALONE}
"""
UNDO_VALUES: Final = f"""
locked AS MATERIALIZED (
    SELECT id, name, labels FROM job WHERE id = ANY (ARRAY(SELECT id FROM taken)) ORDER BY id FOR NO KEY UPDATE
),
target AS MATERIALIZED (
    SELECT locked.id, was.name, was.new_name, was.labels, was.new_labels
    FROM locked JOIN operation_before AS was ON was.operation_id = %(undoes)s AND was.job_id = locked.id
    WHERE (was.new_name IS NULL OR was.new_name = locked.name)
        AND (was.new_labels IS NULL OR was.new_labels = locked.labels)
),
changed AS (
    UPDATE job SET name = coalesce(target.name, job.name), labels = coalesce(target.labels, job.labels), updated_at = {LATER}
    FROM target WHERE job.id = target.id
    RETURNING job.id
),
before AS (
    INSERT INTO operation_before (operation_id, job_id, name, new_name, labels, new_labels)
    SELECT %(operation)s, target.id, new_name, name, new_labels, labels FROM target JOIN changed USING (id)
    ORDER BY target.id
),
{LEFT_ALONE}
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
    Action.SET_STATUS: (OF_ENTRIES, UNDO_STATUS),
    Action.LABEL: (OF_VALUES, UNDO_VALUES),
    Action.RENAME: (OF_VALUES, UNDO_VALUES),
}


def statement_of(work: Work) -> Statement:
    """Raises InvalidQuery for a search that is not valid any more."""
    params: dict[str, Any] = {
        "operation": work.id,
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
        added: dict[str, str] = work.parameters.get("set", {})
        return {
            "added": [f"{key}={value}" for key, value in added.items()],
            "replaced": [*added, *work.parameters.get("remove", [])],
        }
    if work.action == Action.RENAME:
        return {**work.parameters, "blanks": BLANKS}
    return work.parameters
