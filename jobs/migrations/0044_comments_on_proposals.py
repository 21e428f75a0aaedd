from django.db import migrations

from jobs.sql.operations import RunFile


class Migration(migrations.Migration):
    """Comments lock nothing that others wait for."""

    atomic = False

    dependencies = [("jobs", "0043_proposals")]

    operations = [RunFile("proposal_comments", "c76a77665908")]
