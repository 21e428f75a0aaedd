from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from jobs.sql.operations import CreateFunction, ReplaceFunction, RunFile

# Waiting for this lock makes only changes of the schema wait.
NO_TIMEOUT = "-- squawk-ignore-file require-lock-timeout"
INDEXES = {
    "api_token_event_by_time": "api_token_event (at, id)",
    "api_token_event_by_who": "api_token_event ((coalesce(actor, user_id)), at, id)",
    "api_token_event_by_kind": "api_token_event (event, at, id)",
    "operation_by_creation": "operation (created_at, id)",
    "operation_by_actor": "operation (actor, created_at, id) WHERE actor IS NOT NULL",
    "operation_by_cancellation": "operation (finished_at, id) WHERE state = 'cancelled'",
    "trashed_job_by_deletion_of_users": (
        "trashed_job (deleted_at, id) WHERE actor IS NOT NULL AND operation_id IS NULL"
    ),
    "trashed_job_by_actor": (
        "trashed_job (actor, deleted_at, id) WHERE actor IS NOT NULL AND operation_id IS NULL"
    ),
}


def drop_unfinished(index: str) -> migrations.RunSQL:
    """What an interrupted run has left."""
    return migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index}", migrations.RunSQL.noop)


def create(index: str, on: str) -> list[migrations.RunSQL]:
    return [
        drop_unfinished(index),
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY {index} ON {on}", f"DROP INDEX CONCURRENTLY {index}"
        ),
    ]


class Migration(migrations.Migration):
    """The indexes of the audit, built while jobs are read and written, and what records who did it.

    The index of the history is empty where nobody has logged in. The functions need no lock on a table.
    """

    atomic = False

    dependencies = [("jobs", "0039_audit")]

    operations = [
        migrations.RunSQL(NO_TIMEOUT, migrations.RunSQL.noop),
        *(operation for name, on in INDEXES.items() for operation in create(name, on)),
        drop_unfinished("job_status_by_actor"),
        AddIndexConcurrently(
            "jobstatus",
            models.Index(
                condition=Q(actor__isnull=False, operation_id__isnull=True) & ~Q(source="import"),
                fields=["actor", "timestamp", "id"],
                name="job_status_by_actor",
            ),
        ),
        ReplaceFunction("job_delete", "86ccafb1bed0", before="3801dd5c1074"),
        ReplaceFunction("job_event_track", "5356648c339f", before="63832d48a8e6"),
        CreateFunction("audit_append_only", "10c70a88c180"),
        RunFile("audit_triggers", "05efa125004a"),
        RunFile("comments", "9f879cca47b3"),
        RunFile("audit_comments", "545fcdf287ab"),
    ]
