-- To raise the feed is to begin a new era: all later turns are above all earlier ones. Returns the current era, and
-- begins it if it has not begun. One session at a time: the others wait for it, and find the era that it began. `anew`
-- creates the feed if it does not exist; `drawn` is the mark of the era (docs/decisions/0026).

CREATE OR REPLACE FUNCTION job_feed_raise(
    anew boolean DEFAULT false, drawn text DEFAULT left(replace(gen_random_uuid()::text, '-', ''), 8)
) RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    current_era bigint;
BEGIN
    IF anew THEN
        INSERT INTO job_feed (tag, origin) SELECT drawn, job_feed_origin() WHERE NOT EXISTS (SELECT FROM job_feed)
            ON CONFLICT DO NOTHING;
    END IF;
    PERFORM FROM job_feed FOR UPDATE;
    current_era := job_feed_current();
    IF current_era IS NOT NULL THEN RETURN current_era; END IF;
    SELECT greatest(
        (SELECT max(era) FROM job_feed_era),
        (SELECT max(era) FROM job_feed_given),
        (SELECT max(era) FROM job_feed_running),
        (SELECT turn >> 44 FROM job_event ORDER BY turn DESC LIMIT 1),
        (SELECT low_turn >> 44 FROM job_feed),
        0
    ) + 1 INTO current_era;
    -- A dump is being restored, and job_feed is not there yet. Its row will begin the era under the same number.
    IF NOT EXISTS (SELECT FROM job_feed) THEN RETURN current_era; END IF;
    INSERT INTO job_feed_era (era, mark) VALUES (current_era, drawn);
    -- Everything older is final.
    INSERT INTO job_feed_given VALUES (current_era, current_era << 44);
    DELETE FROM job_feed_running;
    INSERT INTO job_feed_running VALUES (
        current_era, pg_postmaster_start_time(), pg_relation_filepath('job_feed_running'::regclass)
    );
    -- In a subtransaction, only the rows themselves tell the number of the transaction that wrote them.
    UPDATE job_feed_running AS running SET written_by = running.xmin, era_written_by = era.xmin
    FROM job_feed_era AS era WHERE era.era = current_era;
    -- The previous release compares these.
    UPDATE job_feed SET tag = drawn, origin = job_feed_origin();
    INSERT INTO job_feed_unbroken DEFAULT VALUES ON CONFLICT DO NOTHING;
    RETURN current_era;
END $$;
COMMENT ON FUNCTION job_feed_raise(boolean, text) IS 'Returns the current era of the feed, and begins it if necessary: after a start of the server, a crash or a restore. With anew, creates the feed if it does not exist.';
