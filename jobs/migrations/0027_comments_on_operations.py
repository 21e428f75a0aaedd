from django.db import migrations

from jobs.sql.operations import RunFile


class Migration(migrations.Migration):
    """Comments lock nothing that others wait for."""

    atomic = False

    dependencies = [("jobs", "0026_operations")]

    operations = [
        RunFile("operation_comments", "fcb4149d3806"),
        RunFile("comments", "a1f60f572f9e"),
    ]
