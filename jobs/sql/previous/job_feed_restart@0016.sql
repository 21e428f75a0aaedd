-- Called by processes of the previous release when they find a crash or another origin. It begins the era if necessary and
-- deletes nothing (docs/decisions/0026).

CREATE OR REPLACE FUNCTION job_feed_restart() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM job_feed_raise(true);
    UPDATE job_feed SET origin = job_feed_origin() WHERE origin <> job_feed_origin();
    INSERT INTO job_feed_unbroken DEFAULT VALUES ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION job_feed_restart() IS 'Begins the era of the feed if necessary. For the previous release.';
