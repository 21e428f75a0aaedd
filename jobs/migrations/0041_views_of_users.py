from django.db import migrations, models
from django.db.models import Case, Deferrable, F, Q, Value, When

from jobs.sql.operations import RunFile

LOCKS = "SET LOCAL lock_timeout = '1500ms'"
# Of at most fifty rows: the lock is brief.
FEW = "-- squawk-ignore-file"
NAMES = ("saved_view_name", "saved_view_position", "saved_view_default")


class Migration(migrations.Migration):
    """Whose a view is, and whether it is shared. Those that there are become shared, as are those of the previous release.

    Each user's own views have names, positions and a default of their own. The table has few rows: it is locked briefly.
    """

    dependencies = [("jobs", "0040_who_did_it")]

    operations = [
        migrations.RunSQL(FEW, migrations.RunSQL.noop),
        migrations.RunSQL(LOCKS, migrations.RunSQL.noop),
        migrations.AddField("savedview", "owner_id", models.BigIntegerField(null=True)),
        migrations.AddField("savedview", "is_shared", models.BooleanField(db_default=True)),
        migrations.AddField(
            "savedview",
            "place",
            models.GeneratedField(
                db_persist=True,
                expression=Case(
                    When(is_shared=True, then=Value(0)),
                    default=F("owner_id"),
                    output_field=models.BigIntegerField(),
                ),
                output_field=models.BigIntegerField(),
            ),
        ),
        *(migrations.RemoveConstraint("savedview", name) for name in NAMES),
        migrations.AddConstraint(
            "savedview",
            models.CheckConstraint(
                condition=Q(is_shared=True) | Q(owner_id__isnull=False),
                name="saved_view_private_has_owner",
            ),
        ),
        migrations.AddConstraint(
            "savedview",
            models.UniqueConstraint(fields=["place", "name_key"], name="saved_view_name"),
        ),
        migrations.AddConstraint(
            "savedview",
            models.UniqueConstraint(
                deferrable=Deferrable.IMMEDIATE,
                fields=["place", "position"],
                name="saved_view_position",
            ),
        ),
        migrations.AddConstraint(
            "savedview",
            models.UniqueConstraint(
                condition=Q(is_default=True), fields=["place"], name="saved_view_default"
            ),
        ),
        RunFile("view_comments", "9025d63de589"),
    ]
