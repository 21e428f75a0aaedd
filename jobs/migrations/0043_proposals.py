from django.db import migrations

# A plain table: nothing but the statements in jobs/proposals, and one in jobs/operations, reads or writes it.
TABLE = """
CREATE TABLE proposal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action text NOT NULL,
    parameters jsonb NOT NULL DEFAULT '{}',
    q text NOT NULL DEFAULT '',
    tz text,
    statuses text[],
    ids bigint[],
    everything boolean NOT NULL DEFAULT false,
    excluded bigint[] NOT NULL DEFAULT '{}',
    reason varchar(2000) NOT NULL,
    proposer bigint,
    token_id bigint,
    total bigint NOT NULL,
    total_relation text NOT NULL DEFAULT 'exact',
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open',
    decided_at timestamptz,
    decided_by bigint,
    decision_reason varchar(2000),
    operation_id bigint,
    CONSTRAINT proposal_state_known CHECK (state IN ('open', 'approved', 'declined')),
    CONSTRAINT proposal_is_decided_once CHECK ((decided_at IS NULL) = (state = 'open')),
    CONSTRAINT proposal_becomes_an_operation CHECK ((operation_id IS NOT NULL) = (state = 'approved'))
);
CREATE INDEX proposal_open ON proposal (expires_at, id) WHERE state = 'open';
CREATE UNIQUE INDEX proposal_of_operation ON proposal (operation_id) WHERE operation_id IS NOT NULL;
"""
NO_TABLE = """
-- squawk-ignore ban-drop-table
DROP TABLE proposal
"""


class Migration(migrations.Migration):
    """The table of proposals. No other table is locked, and the previous release does not know it."""

    dependencies = [("jobs", "0041_views_of_users")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.RunSQL(TABLE, NO_TABLE),
    ]
