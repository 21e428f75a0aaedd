-- Empties the feed and expires all cursors: TRUNCATE job has removed the jobs without events. If the feed's own tables have
-- been emptied too, they stay empty, so that the rows of a dump can be restored into them.

CREATE OR REPLACE FUNCTION job_feed_forget() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    present bigint;
BEGIN
    TRUNCATE job_event;
    DELETE FROM job_feed_running;
    IF NOT EXISTS (SELECT FROM job_feed) THEN RETURN; END IF;
    present := job_feed_raise();
    DELETE FROM job_feed_era WHERE era < present;
    DELETE FROM job_feed_given WHERE era < present;
    UPDATE job_feed SET low_turn = present << 44, low_id = 0;
END $$;
COMMENT ON FUNCTION job_feed_forget() IS 'Empties the feed, begins an era, and expires all cursors.';
