from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

from jobs.sql.operations import ReplaceFunction

# Waiting for this lock makes only changes of the schema wait.
NO_TIMEOUT = "-- squawk-ignore-file require-lock-timeout"


class Migration(migrations.Migration):
    """Events of status changes tell what the entries in the history do, and all events have a job's key and labels."""

    atomic = False

    dependencies = [("jobs", "0021_limits_of_keys_and_labels")]

    operations = [
        migrations.RunSQL(NO_TIMEOUT, migrations.RunSQL.noop),
        ValidateConstraint("job", "job_key_visible"),
        ValidateConstraint("job", "job_labels_few"),
        ReplaceFunction("job_event_track", "72e03f63386c", before="651ea4b269a8"),
    ]
