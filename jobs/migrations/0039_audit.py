from django.db import migrations

# Nothing but the statements in jobs/audit writes and reads these. They refer to no row, and outlive users.
TABLES = """
CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    actor bigint,
    user_id bigint,
    who bigint GENERATED ALWAYS AS (coalesce(actor, user_id)) STORED,
    name text NOT NULL,
    address inet,
    detail text NOT NULL,
    CONSTRAINT audit_event_short CHECK (length(kind) <= 32 AND length(name) <= 150 AND length(detail) <= 200)
);
CREATE INDEX audit_event_by_time ON audit_event (at, id);
CREATE INDEX audit_event_by_who ON audit_event (who, at, id);
CREATE INDEX audit_event_by_kind ON audit_event (kind, at, id);

CREATE TABLE audit_dropped (
    at timestamptz,
    kind text,
    number bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (at, kind)
);
"""
NO_TABLES = """
-- squawk-ignore ban-drop-table
DROP TABLE audit_event, audit_dropped
"""
# Null in all rows so far, and for the previous release.
COLUMNS = """
ALTER TABLE trashed_job ADD COLUMN actor bigint;
ALTER TABLE operation ADD COLUMN cancelled_by bigint;
"""
NO_COLUMNS = """
-- squawk-ignore ban-drop-column
ALTER TABLE operation DROP COLUMN cancelled_by;
-- squawk-ignore ban-drop-column
ALTER TABLE trashed_job DROP COLUMN actor;
"""


class Migration(migrations.Migration):
    """The log of logins and accounts, and who deleted a job or canceled an operation. The locks are brief."""

    dependencies = [("jobs", "0038_login_session_comments")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.RunSQL(TABLES, NO_TABLES),
        migrations.RunSQL(COLUMNS, NO_COLUMNS),
    ]
