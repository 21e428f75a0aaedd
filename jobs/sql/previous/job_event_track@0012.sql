CREATE OR REPLACE FUNCTION job_event_track()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path FROM CURRENT
AS $function$
DECLARE
    now CONSTANT timestamptz := clock_timestamp();
    appended bigint;
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        PERFORM job_feed_forget();
        RETURN NULL;
    END IF;
    IF tg_op = 'INSERT' THEN
        INSERT INTO job_event (turn, at, type, job_id, name, status_type, created_at, updated_at)
        SELECT (
            SELECT (coalesce((
                SELECT era FROM job_feed_running
                WHERE started = pg_postmaster_start_time() AND written_by = xmin
                    AND place = pg_relation_filepath('job_feed_running'::regclass)
                LIMIT 1
            ), job_feed_raise()) << 44)
                + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
        ), now, 'job.created', id, name, current_status, created_at, updated_at FROM new_rows;
    ELSIF tg_op = 'DELETE' THEN
        INSERT INTO job_event (turn, at, type, job_id, name, status_type, created_at, updated_at)
        SELECT (
            SELECT (coalesce((
                SELECT era FROM job_feed_running
                WHERE started = pg_postmaster_start_time() AND written_by = xmin
                    AND place = pg_relation_filepath('job_feed_running'::regclass)
                LIMIT 1
            ), job_feed_raise()) << 44)
                + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
        ), now, 'job.deleted', id, name, current_status, created_at, updated_at FROM old_rows;
    ELSE
        -- Before and after stand beside each other by sorting: a join, planned once for one row, would compare each of
        -- ten thousand with each. A status was recorded where this statement appended to the history too.
        INSERT INTO job_event (
            turn, at, type, job_id, name, status_type, created_at, updated_at, status_id, undoes
        )
        SELECT (
            SELECT (coalesce((
                SELECT era FROM job_feed_running
                WHERE started = pg_postmaster_start_time() AND written_by = xmin
                    AND place = pg_relation_filepath('job_feed_running'::regclass)
                LIMIT 1
            ), job_feed_raise()) << 44)
                + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
        ), now, event.type, job.id, name, current_status, created_at, updated_at,
            CASE event.type WHEN 'job.status_changed' THEN entry.id END,
            CASE event.type WHEN 'job.status_changed' THEN entry.undoes END
        FROM (
            SELECT *, lag(name) OVER one AS name_before, lag(current_status) OVER one AS status_before,
                updated_at <> lag(updated_at) OVER one AS moved
            FROM (
                SELECT 0 AS stage, id, name, current_status, created_at, updated_at FROM old_rows
                UNION ALL
                SELECT 1, id, name, current_status, created_at, updated_at FROM new_rows
            ) AS stages
            WINDOW one AS (PARTITION BY id ORDER BY stage)
        ) AS job
        LEFT JOIN LATERAL (
            SELECT id, undoes, "timestamp" FROM job_status WHERE job_status.job_id = job.id ORDER BY id DESC LIMIT 1
        ) AS entry ON moved AND entry."timestamp" = updated_at
        CROSS JOIN LATERAL (VALUES
            ('job.renamed', name <> name_before OR moved AND current_status = status_before AND entry.id IS NULL),
            ('job.status_changed', current_status <> status_before OR entry.id IS NOT NULL)
        ) AS event (type, happened)
        WHERE stage = 1 AND happened;
    END IF;
    GET DIAGNOSTICS appended = ROW_COUNT;
    IF random() < appended * 0.005 THEN
        PERFORM job_event_trim(greatest(1000, appended * 2));
    END IF;
    RETURN NULL;
END $function$;
