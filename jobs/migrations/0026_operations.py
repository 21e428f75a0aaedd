from django.db import migrations

# Plain tables: nothing but the statements in jobs/operations reads or writes them.
TABLES = """
CREATE TABLE operation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action text NOT NULL,
    parameters jsonb NOT NULL DEFAULT '{}',
    q text NOT NULL DEFAULT '',
    tz text,
    statuses text[],
    ids bigint[],
    everything boolean NOT NULL DEFAULT false,
    excluded bigint[] NOT NULL DEFAULT '{}',
    undoes bigint,
    retries bigint,
    upto bigint NOT NULL,
    moment timestamptz NOT NULL,
    last_id bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL,
    total_relation text NOT NULL DEFAULT 'exact',
    done bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'pending',
    error text,
    reason varchar(2000),
    source text NOT NULL,
    actor bigint,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    progress_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT operation_state_known CHECK (state IN ('pending', 'running', 'completed', 'cancelled', 'failed')),
    CONSTRAINT operation_ends_once CHECK ((finished_at IS NULL) = (state IN ('pending', 'running')))
) WITH (fillfactor = 50);
CREATE INDEX operation_by_state ON operation (state, id);
CREATE INDEX operation_by_finish ON operation (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX operation_by_undoes ON operation (undoes, id) WHERE undoes IS NOT NULL;

CREATE TABLE operation_failure (
    operation_id bigint NOT NULL,
    job_id bigint NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (operation_id, job_id)
);

CREATE TABLE operation_before (
    operation_id bigint NOT NULL,
    job_id bigint NOT NULL,
    name text,
    new_name text,
    labels text[],
    new_labels text[],
    PRIMARY KEY (operation_id, job_id)
);
"""
NO_TABLES = """
-- squawk-ignore ban-drop-table
DROP TABLE operation, operation_failure, operation_before
"""


class Migration(migrations.Migration):
    """The tables of operations. No other table is locked, and the previous release does not know them."""

    dependencies = [("jobs", "0024_deletion_into_the_trash")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.RunSQL(TABLES, NO_TABLES),
    ]
