-- Deletes events that are older than a week, or not among the newest twenty million, and moves the lower end of the feed
-- above them. One session at a time; others do not wait (docs/decisions/0018).

CREATE OR REPLACE FUNCTION job_event_trim(at_most bigint DEFAULT 1000) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    newest CONSTANT bigint := (SELECT id FROM job_event ORDER BY turn DESC, id DESC LIMIT 1);
    low record;
    oldest_is_expired boolean;
    trimmed bigint;
BEGIN
    -- As in job_count_fold.
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    -- Usually the oldest event has not expired, and reading it is all the work.
    SELECT at < statement_timestamp() - interval '7 days' OR id <= newest - 20000000 INTO oldest_is_expired FROM job_event
    WHERE (turn, id) > (SELECT low_turn, low_id FROM job_feed) ORDER BY turn, id LIMIT 1;
    IF oldest_is_expired IS NOT true THEN RETURN 0; END IF;
    SELECT low_turn, low_id INTO low FROM job_feed FOR UPDATE SKIP LOCKED;
    IF NOT found THEN RETURN 0; END IF;
    -- Events in an open turn stay: one that is committed later could end up below the lower end, unread.
    WITH oldest AS (
        SELECT ctid AS place, turn, id,
            at < statement_timestamp() - interval '7 days' OR id <= newest - 20000000 AS is_expired
        FROM job_event
        WHERE (turn, id) > (low.low_turn, low.low_id) AND turn < job_feed_open_turn()
        ORDER BY turn, id LIMIT at_most
    ), expired AS (
        SELECT place, turn, id FROM (
            SELECT place, turn, id, bool_and(is_expired) OVER (ORDER BY turn, id) AS all_expired FROM oldest
        ) AS event WHERE all_expired
    ), deleted AS (
        DELETE FROM job_event WHERE ctid = ANY (ARRAY(SELECT place FROM expired))
    ), raised AS (
        UPDATE job_feed SET low_turn = last.turn, low_id = last.id
        FROM (SELECT turn, id FROM expired ORDER BY turn DESC, id DESC LIMIT 1) AS last
    )
    SELECT count(*) INTO trimmed FROM expired;
    RETURN trimmed;
END $$;
COMMENT ON FUNCTION job_event_trim(bigint) IS 'Deletes up to at_most expired events. Returns how many; 0 if another session is doing so, or in a transaction that is read-only or not READ COMMITTED.';
