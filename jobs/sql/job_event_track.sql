-- Appends an event to the feed for each change of a job, with the job as it is right after it (docs/decisions/0018).
--
-- An update is told from the rows before and after it: another name is a rename, another status or a new entry of the
-- history is a status change, and any other new version of the job is an update. One statement can be both of the first two.
--
-- A status change was made by the operation and the user of its entry, any other change by those that settings of the
-- transaction name.
--
-- The turn is the era, and the greater of the snapshot's xmax and the transaction's number + 1. The era is read from
-- job_feed_running in the appending statement itself, which is faster than calling job_feed_current for each.

CREATE OR REPLACE FUNCTION job_event_track() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    now CONSTANT timestamptz := clock_timestamp();
    operation CONSTANT bigint := nullif(current_setting('job_event.operation_id', true), '')::bigint;
    who CONSTANT bigint := nullif(current_setting('job_event.actor', true), '')::bigint;
    appended bigint;
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        PERFORM job_feed_forget();
        RETURN NULL;
    END IF;
    IF tg_op = 'INSERT' THEN
        INSERT INTO job_event (turn, at, type, job_id, name, status_type, created_at, key, labels, updated_at, actor, operation_id)
        SELECT (
            SELECT (coalesce((
                SELECT era FROM job_feed_running
                WHERE started = pg_postmaster_start_time() AND written_by = xmin
                    AND place = pg_relation_filepath('job_feed_running'::regclass)
                LIMIT 1
            ), job_feed_raise()) << 44)
                + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
        ), now, 'job.created', id, name, current_status, created_at, key, labels, updated_at, who, operation FROM new_rows;
    ELSIF tg_op = 'DELETE' THEN
        INSERT INTO job_event (turn, at, type, job_id, name, status_type, created_at, key, labels, updated_at, actor, operation_id)
        SELECT (
            SELECT (coalesce((
                SELECT era FROM job_feed_running
                WHERE started = pg_postmaster_start_time() AND written_by = xmin
                    AND place = pg_relation_filepath('job_feed_running'::regclass)
                LIMIT 1
            ), job_feed_raise()) << 44)
                + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
        ), now, 'job.deleted', id, name, current_status, created_at, key, labels, updated_at, who, operation FROM old_rows;
    ELSE
        -- The rows before and after are matched by sorting. The plan is made once, for one row: as a join it would be a
        -- nested loop, which compares each of ten thousand rows with each.
        INSERT INTO job_event (
            turn, at, type, job_id, name, status_type, created_at, key, labels, updated_at,
            status_id, undoes, reason, source, actor, occurred_at, operation_id
        )
        SELECT (
            SELECT (coalesce((
                SELECT era FROM job_feed_running
                WHERE started = pg_postmaster_start_time() AND written_by = xmin
                    AND place = pg_relation_filepath('job_feed_running'::regclass)
                LIMIT 1
            ), job_feed_raise()) << 44)
                + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
        ), now, event.type, job.id, name, current_status, created_at, key, labels, updated_at,
            CASE event.type WHEN 'job.status_changed' THEN entry.id END,
            CASE event.type WHEN 'job.status_changed' THEN entry.undoes END,
            CASE event.type WHEN 'job.status_changed' THEN entry.reason END,
            CASE event.type WHEN 'job.status_changed' THEN entry.source END,
            CASE event.type WHEN 'job.status_changed' THEN entry.actor ELSE who END,
            CASE event.type WHEN 'job.status_changed' THEN entry.occurred_at END,
            CASE event.type WHEN 'job.status_changed' THEN entry.operation_id ELSE operation END
        FROM (
            SELECT *, lag(name) OVER one AS name_before, lag(current_status) OVER one AS status_before,
                updated_at <> lag(updated_at) OVER one AS is_new_version
            FROM (
                SELECT 0 AS stage, id, name, current_status, created_at, key, labels, updated_at FROM old_rows
                UNION ALL
                SELECT 1, id, name, current_status, created_at, key, labels, updated_at FROM new_rows
            ) AS stages
            WINDOW one AS (PARTITION BY id ORDER BY stage)
        ) AS job
        -- The entry that the same statement has added to the history has the timestamp of the new version.
        LEFT JOIN LATERAL (
            SELECT id, undoes, reason, source, actor, occurred_at, operation_id, "timestamp"
            FROM job_status WHERE job_status.job_id = job.id ORDER BY id DESC LIMIT 1
        ) AS entry ON is_new_version AND entry."timestamp" = updated_at
        CROSS JOIN LATERAL (VALUES
            ('job.renamed', name <> name_before),
            (
                CASE WHEN current_status <> status_before OR entry.id IS NOT NULL THEN 'job.status_changed'
                    ELSE 'job.updated' END,
                current_status <> status_before OR entry.id IS NOT NULL OR is_new_version AND name = name_before
            )
        ) AS event (type, happened)
        WHERE stage = 1 AND happened;
    END IF;
    -- One appended event in two hundred looks for expired ones.
    GET DIAGNOSTICS appended = ROW_COUNT;
    IF random() < appended * 0.005 THEN
        PERFORM job_event_trim(greatest(1000, appended * 2));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION job_event_track() IS 'Trigger function: appends job.created, job.renamed, job.status_changed, job.updated and job.deleted events to job_event.';
