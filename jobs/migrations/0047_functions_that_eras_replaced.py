from django.db import migrations

from jobs.sql.operations import DropFunction, ReplaceFunction, RunFile

UNUSED = "-- squawk-ignore-file ban-drop-function"


class Migration(migrations.Migration):
    """What the release before the eras called (docs/decisions/0026). No release that can run beside this one calls it."""

    atomic = False

    dependencies = [("jobs", "0046_provider_account_comments")]

    operations = [
        migrations.RunSQL(UNUSED, migrations.RunSQL.noop),
        ReplaceFunction("job_feed_raise", "c8171dfad8c5", before="9c648dd07cc2"),
        DropFunction("job_feed_restart", "c7b879648a61"),
        DropFunction("job_feed_origin", "c64f5bf190fd"),
        RunFile("comments", "12354225a05c"),
    ]
