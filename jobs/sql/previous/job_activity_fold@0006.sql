CREATE OR REPLACE FUNCTION job_activity_fold(at_most integer DEFAULT 5000)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path FROM CURRENT
AS $function$
DECLARE
    oldest CONSTANT timestamptz := statement_timestamp() - interval '8 days';
    folded bigint;
BEGIN
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    WITH seen AS MATERIALIZED (
        SELECT ctid AS place, minute < oldest AS past, job_activity_minute(minute) AS minute, status
        FROM job_activity LIMIT at_most + 10000
    ), crowded AS (
        SELECT minute, status FROM seen GROUP BY 1, 2 HAVING count(*) > 1 OR bool_or(past)
    ), taken AS (
        DELETE FROM job_activity
        WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM job_activity
            WHERE ctid = ANY (ARRAY(SELECT place FROM seen JOIN crowded USING (minute, status) LIMIT at_most))
            FOR UPDATE SKIP LOCKED
        ))
        RETURNING minute, status, n
    ), put_back AS (
        INSERT INTO job_activity
        SELECT job_activity_minute(minute), status, sum(n) FROM taken WHERE minute >= oldest GROUP BY 1, 2
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END $function$;
