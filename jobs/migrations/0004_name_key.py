import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    """The lowered name becomes a stored column: a walk by name then reads the index alone.

    Rewrites the table: about four minutes for ten million jobs.
    """

    dependencies = [("jobs", "0003_self_folding_counters")]

    operations = [
        # before the column, so that the rewrite does not build them twice
        migrations.RemoveIndex("job", "job_by_name"),
        migrations.RemoveIndex("job", "job_by_status_name"),
        migrations.RemoveIndex("job", "job_name_trigrams"),
        migrations.AddField(
            "job",
            "name_key",
            models.GeneratedField(
                expression=Lower("name"),
                output_field=models.TextField(db_collation="pg_c_utf8"),
                db_persist=True,
                editable=False,
            ),
        ),
        # How many names hold a term decides how a search is read: finer than the hundred samples of the default.
        migrations.RunSQL(
            "ALTER TABLE job ALTER COLUMN name_key SET STATISTICS 1000", migrations.RunSQL.noop
        ),
        migrations.AddIndex("job", models.Index(fields=["name_key", "id"], name="job_by_name")),
        migrations.AddIndex(
            "job",
            models.Index(fields=["current_status", "name_key", "id"], name="job_by_status_name"),
        ),
        migrations.AddIndex(
            "job",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("name_key", "gin_trgm_ops"),
                fastupdate=True,
                gin_pending_list_limit=1024,
                name="job_name_trigrams",
            ),
        ),
    ]
