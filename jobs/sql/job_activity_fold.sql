-- Compacts job_activity: replaces rows of the same interval and status by their sum, and deletes rows that are older than
-- eight days. Reads at most 10,000 rows more than it may replace: about as many as a compacted week has. Rows that another
-- session is compacting are skipped, so it never waits (docs/decisions/0016).

CREATE OR REPLACE FUNCTION job_activity_fold(at_most integer DEFAULT 5000) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    oldest CONSTANT timestamptz := statement_timestamp() - interval '8 days';
    compacted bigint;
BEGIN
    -- As in job_count_fold.
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    WITH candidate AS MATERIALIZED (
        SELECT ctid AS place, minute < oldest AS is_expired, job_activity_minute(minute) AS minute, status
        FROM job_activity LIMIT at_most + 10000
    ), compactable AS (
        SELECT minute, status FROM candidate GROUP BY 1, 2 HAVING count(*) > 1 OR bool_or(is_expired)
    ), deleted AS (
        DELETE FROM job_activity
        WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM job_activity
            WHERE ctid = ANY (ARRAY(SELECT place FROM candidate JOIN compactable USING (minute, status) LIMIT at_most))
            FOR UPDATE SKIP LOCKED
        ))
        RETURNING minute, status, n
    ), inserted AS (
        INSERT INTO job_activity
        SELECT job_activity_minute(minute), status, sum(n) FROM deleted WHERE minute >= oldest GROUP BY 1, 2
    )
    SELECT count(*) INTO compacted FROM deleted;
    RETURN compacted;
END $$;
COMMENT ON FUNCTION job_activity_fold(integer) IS 'Compacts job_activity: replaces up to at_most rows by their sums, and deletes those older than eight days. Returns how many it deleted; 0 in a transaction that is read-only or not READ COMMITTED.';
