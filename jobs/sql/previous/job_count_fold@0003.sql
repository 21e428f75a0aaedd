CREATE OR REPLACE FUNCTION job_count_fold(at_most integer DEFAULT 5000)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path FROM CURRENT
AS $function$
DECLARE folded bigint;
BEGIN
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    WITH taken AS (
        DELETE FROM job_count
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM job_count LIMIT at_most FOR UPDATE SKIP LOCKED))
        RETURNING status, n
    ), put_back AS (
        INSERT INTO job_count SELECT status, sum(n) FROM taken GROUP BY 1 HAVING sum(n) <> 0
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END $function$;
