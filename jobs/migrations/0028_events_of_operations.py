from django.db import migrations

from jobs.sql.operations import ReplaceFunction, RunFile


class Migration(migrations.Migration):
    """All events of an operation name it, and not only those of status changes. The previous release reads them as before."""

    atomic = False

    dependencies = [("jobs", "0027_comments_on_operations")]

    operations = [
        ReplaceFunction("job_event_track", "63832d48a8e6", before="72e03f63386c"),
        RunFile("comments", "5815f97f091d"),
    ]
