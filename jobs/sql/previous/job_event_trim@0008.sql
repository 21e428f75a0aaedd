CREATE OR REPLACE FUNCTION job_event_trim(at_most bigint DEFAULT 1000)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path FROM CURRENT
AS $function$
DECLARE
    newest CONSTANT bigint := (SELECT id FROM job_event ORDER BY turn DESC, id DESC LIMIT 1);
    low record;
    old boolean;
    trimmed bigint;
BEGIN
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    -- Mostly the oldest is young enough, and one look at it is all.
    SELECT at < statement_timestamp() - interval '7 days' OR id <= newest - 20000000 INTO old FROM job_event
    WHERE (turn, id) > (SELECT low_turn, low_id FROM job_feed) ORDER BY turn, id LIMIT 1;
    IF old IS NOT true THEN RETURN 0; END IF;
    SELECT low_turn, low_id INTO low FROM job_feed FOR UPDATE SKIP LOCKED;
    IF NOT found THEN RETURN 0; END IF;
    WITH oldest AS (
        SELECT ctid AS place, turn, id, at < statement_timestamp() - interval '7 days' OR id <= newest - 20000000 AS past
        FROM job_event
        WHERE (turn, id) > (low.low_turn, low.low_id) AND turn < job_feed_open_turn()
        ORDER BY turn, id LIMIT at_most
    ), past AS (
        SELECT place, turn, id FROM (
            SELECT place, turn, id, bool_and(past) OVER (ORDER BY turn, id) AS past FROM oldest
        ) AS known WHERE past
    ), gone AS (
        DELETE FROM job_event WHERE ctid = ANY (ARRAY(SELECT place FROM past))
    ), moved AS (
        UPDATE job_feed SET low_turn = last.turn, low_id = last.id
        FROM (SELECT turn, id FROM past ORDER BY turn DESC, id DESC LIMIT 1) AS last
    )
    SELECT count(*) INTO trimmed FROM past;
    RETURN trimmed;
END $function$;
