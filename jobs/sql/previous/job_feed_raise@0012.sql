CREATE OR REPLACE FUNCTION job_feed_raise(anew boolean DEFAULT false, drawn text DEFAULT "left"(replace((gen_random_uuid())::text, '-'::text, ''::text), 8))
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path FROM CURRENT
AS $function$
DECLARE
    present bigint;
BEGIN
    IF anew THEN
        INSERT INTO job_feed (tag, origin) SELECT drawn, job_feed_origin() WHERE NOT EXISTS (SELECT FROM job_feed)
            ON CONFLICT DO NOTHING;
    END IF;
    PERFORM FROM job_feed FOR UPDATE;
    present := job_feed_current();
    IF present IS NOT NULL THEN RETURN present; END IF;
    SELECT greatest(
        (SELECT max(era) FROM job_feed_era),
        (SELECT max(era) FROM job_feed_given),
        (SELECT max(era) FROM job_feed_running),
        (SELECT turn >> 44 FROM job_event ORDER BY turn DESC LIMIT 1),
        (SELECT low_turn >> 44 FROM job_feed),
        0
    ) + 1 INTO present;
    IF NOT EXISTS (SELECT FROM job_feed) THEN RETURN present; END IF;
    INSERT INTO job_feed_era (era, mark) VALUES (present, drawn);
    INSERT INTO job_feed_given VALUES (present, present << 44); -- all that is older is final
    DELETE FROM job_feed_running;
    INSERT INTO job_feed_running VALUES (
        present, pg_postmaster_start_time(), pg_relation_filepath('job_feed_running'::regclass)
    );
    -- The number of a subtransaction can be read from its rows alone.
    UPDATE job_feed_running AS running SET written_by = running.xmin, era_written_by = era.xmin
    FROM job_feed_era AS era WHERE era.era = present;
    UPDATE job_feed SET tag = drawn, origin = job_feed_origin();
    INSERT INTO job_feed_unbroken DEFAULT VALUES ON CONFLICT DO NOTHING;
    RETURN present;
END $function$;
