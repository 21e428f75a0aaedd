-- The current era, or NULL if it has to begin first: after a start of the server, a crash, a restore. The row of
-- job_feed_running must be the one that job_feed_raise wrote, in the same file, since the same start of the server, and
-- so must the row of its era (docs/decisions/0026). job_event_track checks a part of this itself, for speed.

CREATE OR REPLACE FUNCTION job_feed_current() RETURNS bigint LANGUAGE sql STABLE
RETURN (
    SELECT CASE WHEN count(*) = 1 THEN max(era.era) END
    FROM job_feed_running AS running LEFT JOIN job_feed_era AS era ON era.era = running.era
        AND era.xmin = running.era_written_by AND running.xmin = running.written_by
        AND running.started = pg_postmaster_start_time()
        AND running.place = pg_relation_filepath('job_feed_running'::regclass)
);
COMMENT ON FUNCTION job_feed_current() IS 'The current era of the feed, or NULL if job_feed_raise has to begin it.';
