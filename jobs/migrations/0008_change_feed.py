from django.db import migrations

# What happens to jobs, as rows that one statement-level trigger appends (0003): a creation, a rename, a status recorded,
# a deletion, each with the job as it was right after it. Kept for a week.
#
# An event's place is (turn, id). Transactions end in another order than they began, so that whoever reads "ids above the
# last" passes over those that are committed late. A turn is above the number of the event's own transaction: whatever is
# still unknown to a reader lies above the oldest transaction that he sees running, and all below is final. And it is no
# less than that of any event committed before this statement had its rows: the events of one job stand in the order in
# which it was changed. (The transaction's own number would not do: it may be older than a change that it waited for.)
FORWARD = """
-- Some hundred bytes each, appended at one end and removed at the other: the key is the only index.
CREATE TABLE job_event (
    turn bigint NOT NULL,
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    type text NOT NULL,
    job_id bigint NOT NULL,
    name text NOT NULL,
    status_type text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    status_id bigint,
    undoes bigint,
    PRIMARY KEY (turn, id)
) WITH (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.1,
    autovacuum_analyze_scale_factor = 0.1
);

-- One row. `tag` is in every cursor; `origin` says where the turns were counted: another cluster, or this one gone back
-- to an earlier state, counts them anew. Everything above (low_turn, low_id) is kept.
CREATE TABLE job_feed (
    tag text NOT NULL,
    origin text NOT NULL,
    low_turn bigint NOT NULL DEFAULT 0,
    low_id bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX job_feed_is_one_row ON job_feed ((true));

-- One row until the server crashes: PostgreSQL then empties what is unlogged, and hands out again the numbers of
-- transactions that had left no trace on disk. A cursor given out before may lie above what is committed after.
CREATE UNLOGGED TABLE job_feed_unbroken (whole boolean NOT NULL DEFAULT true PRIMARY KEY);

CREATE FUNCTION job_feed_origin() RETURNS text LANGUAGE sql STABLE
RETURN (SELECT system_identifier FROM pg_control_system())
    || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8);

-- The first turn in which events may still appear.
CREATE FUNCTION job_feed_open_turn() RETURNS bigint LANGUAGE sql STABLE
RETURN pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 1;

-- Of what this transaction appends now. Asked under a snapshot of this moment, when the job's row is locked.
CREATE FUNCTION job_event_turn() RETURNS bigint LANGUAGE sql VOLATILE
RETURN greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1);

-- Begins anew: no cursor given out before is good any more.
CREATE FUNCTION job_feed_restart() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE job_event;
    DELETE FROM job_feed;
    INSERT INTO job_feed (tag, origin) SELECT left(replace(gen_random_uuid()::text, '-', ''), 8), job_feed_origin();
    INSERT INTO job_feed_unbroken DEFAULT VALUES ON CONFLICT DO NOTHING;
END $$;
SELECT job_feed_restart();

-- Removes at most so many events that are older than a week, or beyond the newest twenty million. Returns how many.
-- One at a time, and nobody waits for it; never in a transaction that only reads, or that fails where a row of its
-- snapshot is gone (0003). What is not final stays: it would come to lie below the kept ones, unseen.
CREATE FUNCTION job_event_trim(at_most bigint DEFAULT 1000) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    newest CONSTANT bigint := (SELECT id FROM job_event ORDER BY turn DESC, id DESC LIMIT 1);
    low record;
    old boolean;
    trimmed bigint;
BEGIN
    IF current_setting('transaction_read_only')::boolean
        OR current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    THEN RETURN 0; END IF;
    -- Mostly the oldest is young enough, and one look at it is all.
    SELECT at < statement_timestamp() - interval '7 days' OR id <= newest - 20000000 INTO old FROM job_event
    WHERE (turn, id) > (SELECT low_turn, low_id FROM job_feed) ORDER BY turn, id LIMIT 1;
    IF old IS NOT true THEN RETURN 0; END IF;
    SELECT low_turn, low_id INTO low FROM job_feed FOR UPDATE SKIP LOCKED;
    IF NOT found THEN RETURN 0; END IF;
    WITH oldest AS (
        SELECT ctid AS place, turn, id, at < statement_timestamp() - interval '7 days' OR id <= newest - 20000000 AS past
        FROM job_event
        WHERE (turn, id) > (low.low_turn, low.low_id) AND turn < job_feed_open_turn()
        ORDER BY turn, id LIMIT at_most
    ), past AS (
        SELECT place, turn, id FROM (
            SELECT place, turn, id, bool_and(past) OVER (ORDER BY turn, id) AS past FROM oldest
        ) AS known WHERE past
    ), gone AS (
        DELETE FROM job_event WHERE ctid = ANY (ARRAY(SELECT place FROM past))
    ), moved AS (
        UPDATE job_feed SET low_turn = last.turn, low_id = last.id
        FROM (SELECT turn, id FROM past ORDER BY turn DESC, id DESC LIMIT 1) AS last
    )
    SELECT count(*) INTO trimmed FROM past;
    RETURN trimmed;
END $$;

CREATE FUNCTION job_event_track() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now CONSTANT timestamptz := clock_timestamp();
    appended bigint;
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        PERFORM job_feed_restart();
        RETURN NULL;
    END IF;
    IF tg_op = 'INSERT' THEN
        INSERT INTO job_event (turn, at, type, job_id, name, status_type, created_at, updated_at)
        SELECT (SELECT job_event_turn()), now, 'job.created', id, name, current_status, created_at, updated_at FROM new_rows;
    ELSIF tg_op = 'DELETE' THEN
        INSERT INTO job_event (turn, at, type, job_id, name, status_type, created_at, updated_at)
        SELECT (SELECT job_event_turn()), now, 'job.deleted', id, name, current_status, created_at, updated_at FROM old_rows;
    ELSE
        -- Before and after stand beside each other by sorting: a join, planned once for one row, would compare each of
        -- ten thousand with each. A status was recorded where this statement appended to the history too.
        INSERT INTO job_event (
            turn, at, type, job_id, name, status_type, created_at, updated_at, status_id, undoes
        )
        SELECT (SELECT job_event_turn()), now, event.type, job.id, name, current_status, created_at, updated_at,
            CASE event.type WHEN 'job.status_changed' THEN entry.id END,
            CASE event.type WHEN 'job.status_changed' THEN entry.undoes END
        FROM (
            SELECT *, lag(name) OVER one AS name_before, lag(current_status) OVER one AS status_before,
                updated_at <> lag(updated_at) OVER one AS moved
            FROM (
                SELECT 0 AS stage, id, name, current_status, created_at, updated_at FROM old_rows
                UNION ALL
                SELECT 1, id, name, current_status, created_at, updated_at FROM new_rows
            ) AS stages
            WINDOW one AS (PARTITION BY id ORDER BY stage)
        ) AS job
        LEFT JOIN LATERAL (
            SELECT id, undoes, "timestamp" FROM job_status WHERE job_status.job_id = job.id ORDER BY id DESC LIMIT 1
        ) AS entry ON moved AND entry."timestamp" = updated_at
        CROSS JOIN LATERAL (VALUES
            ('job.renamed', name <> name_before OR moved AND current_status = status_before AND entry.id IS NULL),
            ('job.status_changed', current_status <> status_before OR entry.id IS NOT NULL)
        ) AS event (type, happened)
        WHERE stage = 1 AND happened;
    END IF;
    GET DIAGNOSTICS appended = ROW_COUNT;
    IF random() < appended * 0.005 THEN
        PERFORM job_event_trim(greatest(1000, appended * 2));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER job_event_insert AFTER INSERT ON job
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION job_event_track();
CREATE TRIGGER job_event_update AFTER UPDATE ON job
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION job_event_track();
CREATE TRIGGER job_event_delete AFTER DELETE ON job
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION job_event_track();
CREATE TRIGGER job_event_truncate AFTER TRUNCATE ON job
    FOR EACH STATEMENT EXECUTE FUNCTION job_event_track();
"""

BACKWARD = """
DROP FUNCTION job_event_track() CASCADE;
DROP FUNCTION job_event_trim(bigint);
DROP FUNCTION job_feed_restart();
DROP FUNCTION job_feed_open_turn();
DROP FUNCTION job_event_turn();
DROP FUNCTION job_feed_origin();
DROP TABLE job_event, job_feed, job_feed_unbroken;
"""


class Migration(migrations.Migration):
    """Reads and rewrites nothing: events begin here."""

    dependencies = [("jobs", "0007_kept_answer")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
