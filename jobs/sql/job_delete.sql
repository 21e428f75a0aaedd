-- Deletes jobs, and moves each with its history into the trash if `keep` says so (docs/decisions/0047).
--
-- The rows are locked in id order first, so that deletions and other bulk changes cannot deadlock. The function is volatile:
-- the later statements have newer snapshots, in which every entry is that was appended while the first one waited, and
-- nobody can append another. Jobs that were restored meanwhile are not locked, and left alone. The history of a deleted job
-- goes by the foreign key.
--
-- The plans are made once for all: planning would take longer than the deletion of one job. They must not depend on how full
-- the trash was then: without sequential scans, they read indexes.
--
-- Who deletes them is said by a setting of the transaction, which job_event_track reads too.
--
-- `wanted` may repeat an id, with one of the acceptable versions each time; a version that is NULL accepts any.

CREATE OR REPLACE FUNCTION job_delete(
    wanted bigint[], keep boolean, versions text[] DEFAULT NULL, operation bigint DEFAULT NULL
) RETURNS TABLE (job_id bigint, found_version timestamptz, is_deleted boolean)
LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT SET plan_cache_mode TO force_generic_plan SET enable_seqscan TO off AS $$
#variable_conflict use_column
DECLARE
    locked bigint[];
    moment timestamptz;
    who CONSTANT bigint := nullif(current_setting('job_event.actor', true), '')::bigint;
BEGIN
    locked := ARRAY(SELECT job.id FROM job WHERE job.id = ANY (wanted) ORDER BY job.id FOR UPDATE);
    moment := clock_timestamp();
    IF keep THEN
        -- Left by a job that had the same id, before the ids were set back or the job was restored from a backup.
        DELETE FROM trashed_job WHERE id = ANY (locked);
        IF found THEN
            DELETE FROM trashed_status WHERE trashed_status.job_id = ANY (locked);
        END IF;
    END IF;
    RETURN QUERY
    WITH chosen AS MATERIALIZED (
        SELECT job.id, job.updated_at, bool_or(
            each.version IS NULL
            OR each.version = to_char(job.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        ) AS matches
        FROM unnest(locked) AS own (id)
        JOIN unnest(wanted, versions) AS each (id, version) USING (id)
        JOIN job USING (id)
        GROUP BY job.id
    ), kept AS (
        INSERT INTO trashed_job (
            id, name, current_status, created_at, updated_at, key, labels, deleted_at, operation_id, actor
        )
        SELECT id, name, current_status, created_at, job.updated_at, key, labels, moment, operation, who
        FROM chosen JOIN job USING (id) WHERE keep AND matches
    ), history AS (
        INSERT INTO trashed_status (
            id, job_id, status_type, "timestamp", undoes, reason, source, actor, occurred_at, operation_id
        )
        SELECT entry.id, entry.job_id, status_type, "timestamp", undoes, reason, source, actor, occurred_at, operation_id
        FROM chosen JOIN job_status AS entry ON entry.job_id = chosen.id WHERE keep AND matches
    ), deleted AS (
        DELETE FROM job USING chosen WHERE job.id = chosen.id AND matches
    )
    SELECT id, updated_at, matches FROM chosen;
END $$;
COMMENT ON FUNCTION job_delete(bigint[], boolean, text[], bigint) IS 'Deletes jobs; moves them and their histories into the trash if keep is true. Returns a row for each job that existed: its version, and whether it was deleted, which needs one of the given versions.';
