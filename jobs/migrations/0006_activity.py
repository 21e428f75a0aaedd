from django.db import migrations

# What has changed, minute by minute, for the last eight days. Summands as the counters are (0003): every statement that
# appends to the history adds its own, a fold puts the sum of those of one minute and status in their place, passing over
# what somebody else is folding. Minutes grow into quarters of an hour once no picture shows them singly.
FORWARD = """
-- Writers wait until what they have written is counted.
LOCK TABLE job_status IN SHARE ROW EXCLUSIVE MODE;

-- Some thousand rows when folded: no index is worth its cost at each change.
CREATE TABLE job_activity (minute timestamptz NOT NULL, status text NOT NULL, n bigint NOT NULL) WITH (
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_threshold = 1000000000
);

-- The minute a moment is counted in; the quarter of an hour once it is two hours old.
CREATE FUNCTION job_activity_minute(moment timestamptz) RETURNS timestamptz LANGUAGE sql STABLE
RETURN date_bin(
    CASE WHEN moment < statement_timestamp() - interval '2 hours' THEN interval '15 minutes' ELSE interval '1 minute' END,
    moment,
    timestamptz '1970-01-01 00:00:00+00'
);

-- Puts the sums of at most so many summands in their place, and drops what is older than eight days. Looks at no more
-- than it may take and a folded week beside it. Returns how many it took; 0 where it must not (0003).
CREATE FUNCTION job_activity_fold(at_most integer DEFAULT 5000) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    oldest CONSTANT timestamptz := statement_timestamp() - interval '8 days';
    folded bigint;
BEGIN
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    WITH seen AS MATERIALIZED (
        SELECT ctid AS place, minute < oldest AS past, job_activity_minute(minute) AS minute, status
        FROM job_activity LIMIT at_most + 10000
    ), crowded AS (
        SELECT minute, status FROM seen GROUP BY 1, 2 HAVING count(*) > 1 OR bool_or(past)
    ), taken AS (
        DELETE FROM job_activity
        WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM job_activity
            WHERE ctid = ANY (ARRAY(SELECT place FROM seen JOIN crowded USING (minute, status) LIMIT at_most))
            FOR UPDATE SKIP LOCKED
        ))
        RETURNING minute, status, n
    ), put_back AS (
        INSERT INTO job_activity
        SELECT job_activity_minute(minute), status, sum(n) FROM taken WHERE minute >= oldest GROUP BY 1, 2
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END $$;

CREATE FUNCTION job_activity_track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        TRUNCATE job_activity;
        RETURN NULL;
    END IF;
    INSERT INTO job_activity
    SELECT job_activity_minute("timestamp"), status_type, count(*) FROM new_rows
    WHERE "timestamp" >= statement_timestamp() - interval '8 days'
    GROUP BY 1, 2;
    IF found AND random() < 0.005 THEN
        PERFORM job_activity_fold();
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER job_activity_insert AFTER INSERT ON job_status
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION job_activity_track();
CREATE TRIGGER job_activity_truncate AFTER TRUNCATE ON job_status
    FOR EACH STATEMENT EXECUTE FUNCTION job_activity_track();

-- What changed in the last eight days belongs to jobs updated since: found by an index, not by reading the history.
INSERT INTO job_activity
SELECT job_activity_minute("timestamp"), status_type, count(*)
FROM job JOIN job_status ON job_status.job_id = job.id
WHERE job.updated_at >= statement_timestamp() - interval '8 days'
    AND "timestamp" >= statement_timestamp() - interval '8 days'
GROUP BY 1, 2;
"""

BACKWARD = """
DROP FUNCTION job_activity_track() CASCADE;
DROP FUNCTION job_activity_fold(integer);
DROP FUNCTION job_activity_minute(timestamptz);
DROP TABLE job_activity;
"""


class Migration(migrations.Migration):
    """Three seconds for the million changes of eight days among ten million jobs."""

    dependencies = [("jobs", "0005_undone_status")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
