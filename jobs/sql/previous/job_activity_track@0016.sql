-- Appends to job_activity how many entries of each status and minute a statement has added to the history. Entries older
-- than eight days, which imports and sample data add, are not counted (docs/decisions/0016).

CREATE OR REPLACE FUNCTION job_activity_track() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        TRUNCATE job_activity;
        RETURN NULL;
    END IF;
    INSERT INTO job_activity
    SELECT job_activity_minute("timestamp"), status_type, count(*) FROM new_rows
    WHERE "timestamp" >= statement_timestamp() - interval '8 days'
    GROUP BY 1, 2;
    IF found AND random() < 0.005 THEN
        PERFORM job_activity_fold();
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION job_activity_track() IS 'Trigger function: counts new entries of the history in job_activity.';
