-- The first open turn: the era of the feed, and one more than the number of the oldest running transaction. All events
-- in lower turns are final (docs/decisions/0018, 0026).

CREATE OR REPLACE FUNCTION job_feed_open_turn() RETURNS bigint LANGUAGE sql STABLE
RETURN (coalesce((SELECT max(era) FROM job_feed_era), 0) << 44) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 1;
COMMENT ON FUNCTION job_feed_open_turn() IS 'The first turn in which events may still appear; readers get the events below it.';
