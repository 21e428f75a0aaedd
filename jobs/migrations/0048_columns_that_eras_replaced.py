from django.db import migrations

DROP = """
-- squawk-ignore ban-drop-column
ALTER TABLE job_feed DROP COLUMN tag, DROP COLUMN origin;
-- squawk-ignore ban-drop-table
DROP TABLE job_feed_unbroken;
"""
RESTORE = """
ALTER TABLE job_feed ADD COLUMN tag text NOT NULL DEFAULT '', ADD COLUMN origin text NOT NULL DEFAULT '';
CREATE UNLOGGED TABLE job_feed_unbroken (whole boolean NOT NULL DEFAULT true PRIMARY KEY);
"""


class Migration(migrations.Migration):
    """What those functions read. Each of the tables has one row, so that the locks last for a moment."""

    dependencies = [("jobs", "0047_functions_that_eras_replaced")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.RunSQL(DROP, RESTORE),
    ]
