from time import sleep
from typing import Any

from django.db import OperationalError, migrations, models
from django.db.transaction import atomic

# A name shows at least one character: docs/decisions/0028. The characters that show nothing are those of jobs/names.py.
VISIBLE = (
    r"[^\U000000ad\U0000034f\U0000061c\U0000115f\U00001160\U000017b4\U000017b5\U0000180b-\U0000180f\U0000200b-\U0000200f"
    r"\U0000202a-\U0000202e\U00002060-\U0000206f\U00003164\U0000fe00-\U0000fe0f\U0000feff\U0000ffa0\U0000fff0-\U0000fff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U00000001-\U00000020\U0000007f-\U000000a0\U00001680"
    r"\U00002000-\U0000200a\U00002028\U00002029\U0000202f\U0000205f\U00003000\U00002800\U0000fff9-\U0000fffb"
    r"\U00013430-\U0001343f\U00013441\U00013442\U0001d159]"
)
BATCH = 50_000
PLACE = "SELECT max(id) FROM (SELECT id FROM job WHERE id > %s ORDER BY id LIMIT %s) AS batch"
# A rename like any other: the job has a new version, and the feed tells it. Rows are locked in the order of their ids, as
# all changes of many jobs lock them.
RENAME = """
WITH hidden AS (
    SELECT id FROM job WHERE id > %(after)s AND id <= %(place)s AND name !~ %(visible)s
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE job SET name = 'Job ' || job.id, updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
FROM hidden WHERE job.id = hidden.id AND job.name !~ %(visible)s
"""
IS_THERE = (
    "SELECT FROM pg_constraint WHERE conrelid = 'job'::regclass AND conname = 'job_name_visible'"
)
ADD = f"ALTER TABLE job ADD CONSTRAINT job_name_visible CHECK (name::text ~ '{VISIBLE}') NOT VALID"
VALIDATE = "ALTER TABLE job VALIDATE CONSTRAINT job_name_visible"
DROP = "ALTER TABLE job DROP CONSTRAINT job_name_visible"


def name_hidden(apps: Any, schema_editor: Any) -> None:
    """Reads all jobs, in transactions of one batch each; locks only those that it renames."""
    after = -1
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(PLACE, [after, BATCH])
            [place] = cursor.fetchone()
            if place is None:
                return
            cursor.execute(RENAME, {"after": after, "place": place, "visible": VISIBLE})
            after = place


def refuse_hidden(apps: Any, schema_editor: Any) -> None:
    """Waits for its lock in short turns: all others would wait behind it. An earlier run may have come so far."""
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(IS_THERE)
            if cursor.fetchone() is not None:
                return
            try:
                with atomic(schema_editor.connection.alias):
                    cursor.execute("SET LOCAL lock_timeout = '1s'")
                    cursor.execute(ADD)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) != "55P03":
                    raise
                sleep(1)


class Migration(migrations.Migration):
    """Reads the table three times and holds no lock for long; what is written meanwhile is seen to before the end."""

    atomic = False

    dependencies = [("jobs", "0013_statistics_of_names")]

    operations = [
        migrations.RunPython(name_hidden, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunPython(
                    refuse_hidden, lambda apps, schema_editor: schema_editor.execute(DROP)
                )
            ],
            [
                migrations.AddConstraint(
                    "job",
                    models.CheckConstraint(
                        name="job_name_visible", condition=models.Q(name__regex=VISIBLE)
                    ),
                )
            ],
        ),
        migrations.RunPython(name_hidden, migrations.RunPython.noop),
        migrations.RunSQL(VALIDATE, migrations.RunSQL.noop),
    ]
