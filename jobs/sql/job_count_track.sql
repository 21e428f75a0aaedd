-- Appends to job_count what a statement on job has changed: a delta row for each status whose number of jobs is different.
-- Statement-level, so a bulk statement appends a few rows, however many jobs it changes (docs/decisions/0006).

CREATE OR REPLACE FUNCTION job_count_track() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF tg_op = 'INSERT' THEN
        INSERT INTO job_count SELECT current_status, count(*) FROM new_rows GROUP BY 1;
    ELSIF tg_op = 'DELETE' THEN
        INSERT INTO job_count SELECT current_status, -count(*) FROM old_rows GROUP BY 1;
    ELSIF tg_op = 'TRUNCATE' THEN
        -- Not DELETE: it would miss the rows that another session is compacting, and those newer than its snapshot.
        TRUNCATE job_count;
        RETURN NULL;
    ELSE
        INSERT INTO job_count
        SELECT current_status, sum(n) FROM (
            SELECT current_status, 1 AS n FROM new_rows
            UNION ALL
            SELECT current_status, -1 FROM old_rows
        ) AS deltas
        GROUP BY 1 HAVING sum(n) <> 0;
    END IF;
    -- One appending statement in two hundred compacts.
    IF found AND random() < 0.005 THEN
        PERFORM job_count_fold();
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION job_count_track() IS 'Trigger function: appends delta rows to job_count for the jobs that a statement has changed.';
