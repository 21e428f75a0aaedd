-- Compacts the counters: deletes up to at_most delta rows of job_count and inserts their sums instead. The numbers stay
-- the same. Rows that another session is compacting are skipped, so it never waits (docs/decisions/0006).

CREATE OR REPLACE FUNCTION job_count_fold(at_most integer DEFAULT 5000) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    compacted bigint;
BEGIN
    -- Under these isolation levels it would fail on rows that have been compacted since its snapshot.
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    WITH deleted AS (
        DELETE FROM job_count
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM job_count LIMIT at_most FOR UPDATE SKIP LOCKED))
        RETURNING status, n
    ), inserted AS (
        INSERT INTO job_count SELECT status, sum(n) FROM deleted GROUP BY 1 HAVING sum(n) <> 0
    )
    SELECT count(*) INTO compacted FROM deleted;
    RETURN compacted;
END $$;
COMMENT ON FUNCTION job_count_fold(integer) IS 'Compacts job_count: replaces up to at_most delta rows by their sums. Returns how many it replaced; 0 in a transaction that is read-only or not READ COMMITTED.';
