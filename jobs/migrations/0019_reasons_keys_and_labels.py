from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

EVENTS = """
ALTER TABLE job_event
    ADD COLUMN key varchar(255), ADD COLUMN labels text[] NOT NULL DEFAULT '{}',
    ADD COLUMN reason varchar(2000), ADD COLUMN source varchar(16), ADD COLUMN actor bigint,
    ADD COLUMN occurred_at timestamptz, ADD COLUMN operation_id bigint
"""
NO_EVENTS = """
ALTER TABLE job_event
    DROP COLUMN key, DROP COLUMN labels, DROP COLUMN reason, DROP COLUMN source, DROP COLUMN actor,
    DROP COLUMN occurred_at, DROP COLUMN operation_id
"""


class Migration(migrations.Migration):
    """New columns, which the previous release leaves empty. No table is read or rewritten."""

    dependencies = [("jobs", "0018_comments_on_saved_view")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "job", "key", models.CharField(db_collation="pg_c_utf8", max_length=255, null=True)
        ),
        migrations.AddField(
            "job", "labels", ArrayField(models.TextField(), db_default=[], default=list)
        ),
        migrations.AddField(
            "jobstatus", "reason", models.CharField(editable=False, max_length=2000, null=True)
        ),
        migrations.AddField(
            "jobstatus", "source", models.CharField(editable=False, max_length=16, null=True)
        ),
        migrations.AddField(
            "jobstatus", "actor", models.BigIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "jobstatus", "occurred_at", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            "jobstatus", "operation_id", models.BigIntegerField(editable=False, null=True)
        ),
        migrations.RunSQL(EVENTS, NO_EVENTS),
    ]
