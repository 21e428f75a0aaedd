from django.db import migrations

from jobs.sql.operations import RunFile


class Migration(migrations.Migration):
    """Comments lock nothing that others wait for."""

    atomic = False

    dependencies = [("jobs", "0045_provider_account")]

    operations = [RunFile("provider_account_comments", "a3719296f891")]
