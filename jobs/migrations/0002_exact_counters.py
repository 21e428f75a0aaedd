from django.db import migrations

# Every statement on job appends what it changed, as rows of its own: writers never wait for a shared counter.
# A reader adds the deltas to the base in one statement, so the sum is exact under its snapshot.
FORWARD = """
CREATE TABLE job_count (status text PRIMARY KEY, n bigint NOT NULL);
CREATE TABLE job_count_delta (status text NOT NULL, d bigint NOT NULL) WITH (
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_analyze_threshold = 1000000000
);

CREATE FUNCTION job_count_track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'INSERT' THEN
        INSERT INTO job_count_delta SELECT current_status, count(*) FROM new_rows GROUP BY 1;
    ELSIF tg_op = 'DELETE' THEN
        INSERT INTO job_count_delta SELECT current_status, -count(*) FROM old_rows GROUP BY 1;
    ELSIF tg_op = 'TRUNCATE' THEN
        DELETE FROM job_count_delta;
        DELETE FROM job_count;
    ELSE
        INSERT INTO job_count_delta
        SELECT current_status, sum(d) FROM (
            SELECT current_status, 1 AS d FROM new_rows
            UNION ALL
            SELECT current_status, -1 FROM old_rows
        ) AS moves
        GROUP BY 1 HAVING sum(d) <> 0;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER job_count_insert AFTER INSERT ON job
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION job_count_track();
CREATE TRIGGER job_count_update AFTER UPDATE ON job
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION job_count_track();
CREATE TRIGGER job_count_delete AFTER DELETE ON job
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION job_count_track();
CREATE TRIGGER job_count_truncate AFTER TRUNCATE ON job
    FOR EACH STATEMENT EXECUTE FUNCTION job_count_track();

INSERT INTO job_count SELECT current_status, count(*) FROM job GROUP BY 1;

CREATE VIEW job_counts AS
SELECT
    known.status,
    (coalesce((SELECT n FROM job_count WHERE job_count.status = known.status), 0)
        + coalesce(delta.d, 0))::bigint AS n,
    (sum(coalesce(delta.rows, 0)) OVER ())::bigint AS deltas
FROM unnest(ARRAY['PENDING', 'RUNNING', 'COMPLETED', 'FAILED']) AS known (status)
LEFT JOIN (
    SELECT status, sum(d) AS d, count(*) AS rows FROM job_count_delta GROUP BY 1
) AS delta USING (status);

-- Folds the deltas into the base. Returns how many; -1 when somebody else is at it.
CREATE FUNCTION job_count_compact() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE folded bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7001) THEN RETURN -1; END IF;
    WITH taken AS (DELETE FROM job_count_delta RETURNING status, d),
    sums AS (SELECT status, sum(d) AS d, count(*) AS c FROM taken GROUP BY 1),
    added AS (
        INSERT INTO job_count AS base SELECT status, d FROM sums
        ON CONFLICT (status) DO UPDATE SET n = base.n + excluded.n
    )
    SELECT coalesce(sum(c), 0) INTO folded FROM sums;
    RETURN folded;
END $$;
"""

BACKWARD = """
DROP FUNCTION job_count_track() CASCADE;
DROP FUNCTION job_count_compact();
DROP VIEW job_counts;
DROP TABLE job_count_delta, job_count;
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_jobs_and_history")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
