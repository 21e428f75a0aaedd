-- The start of the interval in which job_activity counts a timestamp. Intervals grow from a minute to a quarter of an hour
-- once no chart shows the minutes (docs/decisions/0016).

CREATE OR REPLACE FUNCTION job_activity_minute(moment timestamptz) RETURNS timestamptz LANGUAGE sql STABLE
RETURN date_bin(
    CASE WHEN moment < statement_timestamp() - interval '2 hours' THEN interval '15 minutes' ELSE interval '1 minute' END,
    moment,
    timestamptz '1970-01-01 00:00:00+00'
);
COMMENT ON FUNCTION job_activity_minute(timestamptz) IS 'The start of the interval in which job_activity counts the timestamp: a minute, or a quarter of an hour if it is more than two hours ago.';
