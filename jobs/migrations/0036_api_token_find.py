from django.db import migrations

from jobs.sql.operations import CreateFunction, RunFile


class Migration(migrations.Migration):
    """The query of each call with a token, and comments. Neither locks anything that others wait for."""

    atomic = False

    dependencies = [
        ("jobs", "0035_api_tokens"),
    ]

    operations = [
        CreateFunction("api_token_find", "17cab743a41e"),
        RunFile("token_comments", "9e3695269ccd"),
    ]
