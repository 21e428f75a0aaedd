from importlib import import_module

from django.db import migrations

# The counters are summands in one table, without a base row: the sum per status is the number of jobs in it. Folding
# takes some of them away and puts their sum back. It passes over rows that somebody else is folding, so it waits for
# nobody and nobody for it, and it is done by whatever runs anyway: one statement in two hundred that append.
FORWARD = """
-- Writers wait until the sums have moved: the migration of ten million jobs counts none of them.
LOCK TABLE job IN SHARE ROW EXCLUSIVE MODE;
DROP VIEW job_counts;
DROP FUNCTION job_count_compact();
LOCK TABLE job_count_delta, job_count IN ACCESS EXCLUSIVE MODE;
ALTER TABLE job_count DROP CONSTRAINT job_count_pkey;
INSERT INTO job_count SELECT status, sum(d) FROM job_count_delta GROUP BY 1 HAVING sum(d) <> 0;
DROP TABLE job_count_delta;

-- Few rows live here, and each of them briefly: vacuum early and at full speed, estimate nothing.
ALTER TABLE job_count SET (
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_threshold = 1000000000
);

CREATE VIEW job_counts AS
SELECT status, sum(n)::bigint AS n, count(*) AS summands FROM job_count GROUP BY status;

-- Puts the sums of at most so many summands in their place. Returns how many it took; 0 where it must not:
-- in a transaction that only reads, and in one that fails when a row of its snapshot has been folded meanwhile.
CREATE FUNCTION job_count_fold(at_most integer DEFAULT 5000) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE folded bigint;
BEGIN
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    WITH taken AS (
        DELETE FROM job_count
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM job_count LIMIT at_most FOR UPDATE SKIP LOCKED))
        RETURNING status, n
    ), put_back AS (
        INSERT INTO job_count SELECT status, sum(n) FROM taken GROUP BY 1 HAVING sum(n) <> 0
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END $$;

CREATE OR REPLACE FUNCTION job_count_track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'INSERT' THEN
        INSERT INTO job_count SELECT current_status, count(*) FROM new_rows GROUP BY 1;
    ELSIF tg_op = 'DELETE' THEN
        INSERT INTO job_count SELECT current_status, -count(*) FROM old_rows GROUP BY 1;
    ELSIF tg_op = 'TRUNCATE' THEN
        -- As job itself: a DELETE would leave what is being folded at this moment, and what its snapshot lacks.
        TRUNCATE job_count;
        RETURN NULL;
    ELSE
        INSERT INTO job_count
        SELECT current_status, sum(n) FROM (
            SELECT current_status, 1 AS n FROM new_rows
            UNION ALL
            SELECT current_status, -1 FROM old_rows
        ) AS moves
        GROUP BY 1 HAVING sum(n) <> 0;
    END IF;
    IF found AND random() < 0.005 THEN
        PERFORM job_count_fold();
    END IF;
    RETURN NULL;
END $$;
"""

BACKWARD = """
LOCK TABLE job IN ACCESS EXCLUSIVE MODE;
DROP FUNCTION job_count_track() CASCADE;
DROP FUNCTION job_count_fold(integer);
DROP VIEW job_counts;
DROP TABLE job_count;
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_exact_counters")]

    operations = [
        # Backwards it builds the former counters as they were built, and counts anew.
        migrations.RunSQL(
            FORWARD, BACKWARD + import_module("jobs.migrations.0002_exact_counters").FORWARD
        )
    ]
