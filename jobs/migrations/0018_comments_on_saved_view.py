from django.db import migrations

from jobs.sql.operations import RunFile


class Migration(migrations.Migration):
    """Comments on the table of saved views and its columns. Apart from the table: each file is a transaction of its own."""

    atomic = False

    dependencies = [("jobs", "0017_saved_view")]

    operations = [RunFile("comments", "48805a7d963c")]
