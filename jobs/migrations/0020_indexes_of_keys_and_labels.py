from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

# Waiting for this lock makes only changes of the schema wait.
NO_TIMEOUT = "-- squawk-ignore-file require-lock-timeout"
KEY = "CREATE UNIQUE INDEX CONCURRENTLY job_key ON job (key) WHERE key IS NOT NULL"


def drop_unfinished(index: str) -> migrations.RunSQL:
    """What an interrupted run has left."""
    return migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index}", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    """The indexes of the new columns, built while jobs are read and written. They are empty or nearly so."""

    atomic = False

    dependencies = [("jobs", "0019_reasons_keys_and_labels")]

    operations = [
        migrations.RunSQL(NO_TIMEOUT, migrations.RunSQL.noop),
        drop_unfinished("job_key"),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(KEY, "DROP INDEX CONCURRENTLY job_key")],
            [
                migrations.AddConstraint(
                    "job",
                    models.UniqueConstraint(
                        condition=Q(key__isnull=False), fields=["key"], name="job_key"
                    ),
                )
            ],
        ),
        drop_unfinished("job_labels"),
        AddIndexConcurrently(
            "job",
            GinIndex(
                condition=~Q(labels=[]),
                fastupdate=True,
                fields=["labels"],
                gin_pending_list_limit=1024,
                name="job_labels",
            ),
        ),
        drop_unfinished("job_status_of_operation"),
        AddIndexConcurrently(
            "jobstatus",
            models.Index(
                condition=Q(operation_id__isnull=False),
                fields=["operation_id", "job"],
                name="job_status_of_operation",
            ),
        ),
    ]
