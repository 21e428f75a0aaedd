from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Deferrable, F, Func, Q

# The characters that show nothing: jobs/names.py.
VISIBLE = (
    r"[^\U000000ad\U0000034f\U0000061c\U0000115f\U00001160\U000017b4\U000017b5\U0000180b-\U0000180f\U0000200b-\U0000200f"
    r"\U0000202a-\U0000202e\U00002060-\U0000206f\U00003164\U0000fe00-\U0000fe0f\U0000feff\U0000ffa0\U0000fff0-\U0000fff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U00000001-\U00000020\U0000007f-\U000000a0\U00001680"
    r"\U00002000-\U0000200a\U00002028\U00002029\U0000202f\U0000205f\U00003000\U00002800\U0000fff9-\U0000fffb"
    r"\U00013430-\U0001343f\U00013441\U00013442\U0001d159]"
)


class Migration(migrations.Migration):
    """The table of saved views. It locks no other table, and the previous release does not know it."""

    dependencies = [("jobs", "0016_append_only_history")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(db_collation="pg_c_utf8", max_length=60)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=Func(F("name"), function="job_name_key"),
                        output_field=models.TextField(db_collation="pg_c_utf8"),
                    ),
                ),
                ("statuses", ArrayField(models.CharField(max_length=16))),
                ("q", models.TextField(blank=True)),
                ("ordering", models.CharField(max_length=16)),
                ("page_size", models.IntegerField()),
                ("columns", ArrayField(models.CharField(max_length=32))),
                ("position", models.IntegerField()),
                ("is_default", models.BooleanField()),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "saved_view",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(name__regex=VISIBLE), name="saved_view_name_visible"
                    ),
                    models.CheckConstraint(
                        condition=Q(position__range=(1, 50)), name="saved_view_position_in_range"
                    ),
                    models.UniqueConstraint(fields=["name_key"], name="saved_view_name"),
                    models.UniqueConstraint(
                        fields=["position"],
                        name="saved_view_position",
                        deferrable=Deferrable.IMMEDIATE,
                    ),
                    models.UniqueConstraint(
                        fields=["is_default"],
                        name="saved_view_default",
                        condition=Q(is_default=True),
                    ),
                ],
            },
        ),
    ]
