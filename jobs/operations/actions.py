"""What a batch does to the jobs that it has taken, for each action: the part of the statement between `taken` and the numbers.

Each provides `changed` (id) and `failed` (id, code, detail).
"""

from __future__ import annotations

from typing import Final

from jobs.labels import MAX_LABELS, patched_sql
from jobs.models import MAX_NAME_LENGTH
from jobs.names import VISIBLE_IN_DATABASE

# What str.strip() removes, as names are trimmed
BLANKS: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
LATER: Final = "greatest(clock_timestamp(), job.updated_at + interval '1 microsecond')"

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
DELETE: Final = f"""
changed AS MATERIALIZED (
    SELECT job_id AS id FROM job_delete(ARRAY(SELECT id FROM locked), %(keep)s, NULL, %(operation)s) WHERE is_deleted
),
{NONE_FAILED}
"""
RESTORE: Final = """
restored AS MATERIALIZED (SELECT job_id AS id, outcome FROM job_restore(ARRAY(SELECT id FROM taken))),
changed AS (SELECT id FROM restored WHERE outcome = ''),
failed AS (
    SELECT id, outcome AS code, CASE outcome
        WHEN 'job_exists' THEN 'The job exists: it has been restored already.'
        WHEN 'key_taken' THEN coalesce('Job ' || (
            SELECT job.id FROM trashed_job JOIN job USING (key) WHERE trashed_job.id = restored.id
        ), 'Another job') || ' has its key.'
        ELSE 'The job is not in the trash.'
    END AS detail
    FROM restored WHERE outcome <> ''
)
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
    SELECT id, labels, {patched_sql("labels", "%(labels)s::jsonb")} AS new_labels FROM locked
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
