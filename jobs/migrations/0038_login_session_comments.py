from django.db import migrations

from jobs.sql.operations import RunFile


class Migration(migrations.Migration):
    """Comments, which lock nothing that others wait for."""

    atomic = False

    dependencies = [
        ("jobs", "0037_login_session"),
    ]

    operations = [
        RunFile("session_comments", "b2530a3bd33d"),
    ]
