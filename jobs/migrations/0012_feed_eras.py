from django.db import migrations

# Cursors of the change feed outlive a crash, and end where the database goes back in time: docs/decisions/0026. A turn
# is its era · 2^44 + what 0008 counts. An era begins with each start of the server, after each crash, and where a dump
# was restored: transactions' numbers may be handed out again there, and the era keeps what is new above what is old.
FORWARD = """
-- Writers under way count by the old function: they end first, or the first era would pass over them.
LOCK TABLE job IN SHARE ROW EXCLUSIVE MODE;

-- The mark is in the cursors that were given out in the era: a database that went back does not know it.
CREATE TABLE job_feed_era (
    era bigint PRIMARY KEY,
    mark text NOT NULL UNIQUE,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- How far the cursors of the era go. Written before any of them is given out, so that whatever brings an earlier state
-- back brings an earlier turn with it: cursors above it have seen more than there is now. A reader moves it several
-- times a second, so it is no column of the era, whose row stays as it was written.
CREATE TABLE job_feed_given (era bigint PRIMARY KEY, turn bigint NOT NULL) WITH (
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_analyze_threshold = 1000000000
);

-- The present era, as one row. A crash empties it. At another start of the server, in a copy of the database and in a
-- table made again it is at another place; and rows that were put in again, this one or that of the era, are of another
-- transaction than is written here.
CREATE UNLOGGED TABLE job_feed_running (
    era bigint NOT NULL,
    started timestamptz NOT NULL,
    place text NOT NULL,
    written_by xid,
    era_written_by xid
);

-- NULL where it must be raised first. Writers ask for less, in job_event_track.
CREATE FUNCTION job_feed_current() RETURNS bigint LANGUAGE sql STABLE
RETURN (
    SELECT CASE WHEN count(*) = 1 THEN max(era.era) END
    FROM job_feed_running AS running LEFT JOIN job_feed_era AS era ON era.era = running.era
        AND era.xmin = running.era_written_by AND running.xmin = running.written_by
        AND running.started = pg_postmaster_start_time()
        AND running.place = pg_relation_filepath('job_feed_running'::regclass)
);

-- The present era, begun where it has not. One at a time: the others wait for it, and find it. The tag is what processes
-- of the release before compare with the marks of cursors. Where a dump is being restored and its job_feed has not
-- come yet, a writer takes the number that the era will have and leaves the tables alone.
CREATE FUNCTION job_feed_raise(
    anew boolean DEFAULT false, drawn text DEFAULT left(replace(gen_random_uuid()::text, '-', ''), 8)
) RETURNS bigint LANGUAGE plpgsql AS $$
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
END $$;

-- No cursor given out before is good any more. Where the feed's tables were emptied too, they stay empty, for a dump's
-- rows to be put in.
CREATE FUNCTION job_feed_forget() RETURNS void LANGUAGE plpgsql AS $$
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

-- Asked by processes of the release before, where the tag's origin is another or there was a crash. Nothing is thrown
-- away.
CREATE OR REPLACE FUNCTION job_feed_restart() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM job_feed_raise(true);
    UPDATE job_feed SET origin = job_feed_origin() WHERE origin <> job_feed_origin();
    INSERT INTO job_feed_unbroken DEFAULT VALUES ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION job_feed_open_turn() RETURNS bigint LANGUAGE sql STABLE
RETURN (coalesce((SELECT max(era) FROM job_feed_era), 0) << 44) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 1;

-- The first era has the tag of the release before for its mark: cursors from before go on, in processes of both
-- releases. But not where nobody has noticed a crash yet.
SELECT job_feed_raise(true, tag) FROM job_feed WHERE origin = job_feed_origin() AND EXISTS (SELECT FROM job_feed_unbroken);
SELECT job_feed_raise(true);
"""

# Where the trigger asks for the turn: the era's row is looked up in the statement that appends.
TURN_OF_8 = "(SELECT job_event_turn())"
TURN = """(
            SELECT (coalesce((
                SELECT era FROM job_feed_running
                WHERE started = pg_postmaster_start_time() AND written_by = xmin
                    AND place = pg_relation_filepath('job_feed_running'::regclass)
                LIMIT 1
            ), job_feed_raise()) << 44)
                + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
        )"""
TRACK = """
DO $$
DECLARE
    body CONSTANT text := pg_get_functiondef('job_event_track'::regproc);
BEGIN
    EXECUTE replace(replace(body, 'PERFORM {old}()', 'PERFORM {new}()'), $turn${old_turn}$turn$, $turn${new_turn}$turn$);
END $$
"""
JOB_EVENT_TURN = """
CREATE FUNCTION job_event_turn() RETURNS bigint LANGUAGE sql VOLATILE
RETURN greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
"""

# Turns of later eras would lie above all that is counted without: the feed begins anew.
BACKWARD = """
TRUNCATE job_event;
CREATE OR REPLACE FUNCTION job_feed_open_turn() RETURNS bigint LANGUAGE sql STABLE
RETURN pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 1;
CREATE OR REPLACE FUNCTION job_feed_restart() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE job_event;
    DELETE FROM job_feed;
    INSERT INTO job_feed (tag, origin) SELECT left(replace(gen_random_uuid()::text, '-', ''), 8), job_feed_origin();
    INSERT INTO job_feed_unbroken DEFAULT VALUES ON CONFLICT DO NOTHING;
END $$;
DROP FUNCTION job_feed_forget();
DROP FUNCTION job_feed_raise(boolean, text);
DROP FUNCTION job_feed_current();
DROP TABLE job_feed_era, job_feed_given, job_feed_running;
SELECT job_feed_restart();
"""
# As in 0009.
SEARCH_PATH = """
DO $$
DECLARE
    function text;
BEGIN
    FOREACH function IN ARRAY ARRAY['job_feed_raise(boolean, text)', 'job_feed_forget()', 'job_feed_restart()'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', function, current_schema());
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """Rewrites nothing; waits for the writers under way."""

    dependencies = [("jobs", "0011_folded_name_key")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(
            TRACK.format(
                old="job_feed_restart", new="job_feed_forget", old_turn=TURN_OF_8, new_turn=TURN
            ),
            TRACK.format(
                old="job_feed_forget", new="job_feed_restart", old_turn=TURN, new_turn=TURN_OF_8
            ),
        ),
        migrations.RunSQL("DROP FUNCTION job_event_turn()", JOB_EVENT_TURN),
    ]
