CREATE OR REPLACE FUNCTION job_count_track()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path FROM CURRENT
AS $function$
BEGIN
    IF tg_op = 'INSERT' THEN
        INSERT INTO job_count SELECT current_status, count(*) FROM new_rows GROUP BY 1;
    ELSIF tg_op = 'DELETE' THEN
        INSERT INTO job_count SELECT current_status, -count(*) FROM old_rows GROUP BY 1;
    ELSIF tg_op = 'TRUNCATE' THEN
        -- As job itself: a DELETE would leave what is being folded at this moment, and what its snapshot lacks.
        TRUNCATE job_count;
        RETURN NULL;
    ELSE
        INSERT INTO job_count
        SELECT current_status, sum(n) FROM (
            SELECT current_status, 1 AS n FROM new_rows
            UNION ALL
            SELECT current_status, -1 FROM old_rows
        ) AS moves
        GROUP BY 1 HAVING sum(n) <> 0;
    END IF;
    IF found AND random() < 0.005 THEN
        PERFORM job_count_fold();
    END IF;
    RETURN NULL;
END $function$;
