from django.db import migrations

from jobs.sql.operations import CreateFunction, ReplaceFunction, RunFile


class Migration(migrations.Migration):
    """The functions that move jobs into the trash and out of it. Only the trigger on job needs a brief lock on a table."""

    atomic = False

    dependencies = [("jobs", "0023_trash")]

    operations = [
        ReplaceFunction("job_activity_track", "ad52f6abdfe2", before="0c509270baaf"),
        CreateFunction("job_delete", "3801dd5c1074"),
        CreateFunction("job_restore", "97430e6a5776"),
        CreateFunction("job_trash_forget", "48d4a2199154"),
        RunFile("job_trash_triggers", "6b805c1ab25b"),
    ]
