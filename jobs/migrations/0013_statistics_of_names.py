from django.db import migrations


class Migration(migrations.Migration):
    """0011 rewrote the table: its statistics and what is known to be visible are gathered again, for searches ask both.

    Autovacuum does not see that they are gone. Not in a transaction, and nobody waits for it.
    """

    atomic = False

    dependencies = [("jobs", "0012_feed_eras")]

    operations = [migrations.RunSQL("VACUUM (ANALYZE) job", migrations.RunSQL.noop)]
