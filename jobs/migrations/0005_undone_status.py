from django.db import migrations, models


class Migration(migrations.Migration):
    """An entry of the history may name the one that it takes back. Nothing is rewritten: the column has no default."""

    dependencies = [("jobs", "0004_name_key")]

    operations = [
        migrations.AddField(
            "jobstatus", "undoes", models.BigIntegerField(null=True, editable=False)
        ),
    ]
