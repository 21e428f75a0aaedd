from django.db import migrations

# The columns of job and job_status, apart from the generated one: jobs/tests/trash/test_tables.py compares them.
TABLES = """
CREATE TABLE trashed_job (
    id bigint PRIMARY KEY,
    name varchar(255) COLLATE pg_c_utf8 NOT NULL,
    current_status varchar(16) NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    key varchar(255) COLLATE pg_c_utf8,
    labels text[] NOT NULL,
    deleted_at timestamptz NOT NULL,
    operation_id bigint
);
CREATE INDEX trashed_job_by_deletion ON trashed_job (deleted_at, id);
CREATE INDEX trashed_job_of_operation ON trashed_job (operation_id, id) WHERE operation_id IS NOT NULL;
CREATE TABLE trashed_status (
    id bigint,
    job_id bigint,
    status_type varchar(16) NOT NULL,
    "timestamp" timestamptz NOT NULL,
    undoes bigint,
    reason varchar(2000),
    source varchar(16),
    actor bigint,
    occurred_at timestamptz,
    operation_id bigint,
    PRIMARY KEY (job_id, id)
);
"""
NO_TABLES = """
-- squawk-ignore-file ban-drop-table
DROP TABLE trashed_status, trashed_job
"""


class Migration(migrations.Migration):
    """The tables of the trash. It locks no other table, and the previous release, which deletes for good, does not know them.

    Their models would be of no use: all that reads or writes them is SQL.
    """

    dependencies = [("jobs", "0022_events_with_reasons")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.RunSQL(TABLES, NO_TABLES),
    ]
