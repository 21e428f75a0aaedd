import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(db_collation="pg_c_utf8", max_length=255)),
                (
                    "current_status",
                    models.CharField(
                        choices=[
                            ("PENDING", "Pending"),
                            ("RUNNING", "Running"),
                            ("COMPLETED", "Completed"),
                            ("FAILED", "Failed"),
                        ],
                        default="PENDING",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "db_table": "job",
                "indexes": [
                    models.Index(fields=["created_at", "id"], name="job_by_created"),
                    models.Index(fields=["updated_at", "id"], name="job_by_updated"),
                    models.Index(
                        django.db.models.functions.text.Lower("name"),
                        models.F("id"),
                        name="job_by_name",
                    ),
                    models.Index(
                        fields=["current_status", "created_at", "id"], name="job_by_status_created"
                    ),
                    models.Index(
                        fields=["current_status", "updated_at", "id"], name="job_by_status_updated"
                    ),
                    models.Index(
                        models.F("current_status"),
                        django.db.models.functions.text.Lower("name"),
                        models.F("id"),
                        name="job_by_status_name",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Lower("name"), "gin_trgm_ops"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=1024,
                        name="job_name_trigrams",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="job_name_not_blank"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("current_status__in", ["PENDING", "RUNNING", "COMPLETED", "FAILED"])
                        ),
                        name="job_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JobStatus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status_type",
                    models.CharField(
                        choices=[
                            ("PENDING", "Pending"),
                            ("RUNNING", "Running"),
                            ("COMPLETED", "Completed"),
                            ("FAILED", "Failed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("timestamp", models.DateTimeField(editable=False)),
                (
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="statuses",
                        to="jobs.job",
                    ),
                ),
            ],
            options={
                "db_table": "job_status",
                "indexes": [models.Index(fields=["job", "id"], name="job_status_of_job")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status_type__in", ["PENDING", "RUNNING", "COMPLETED", "FAILED"])
                        ),
                        name="job_status_type_known",
                    )
                ],
            },
        ),
        # The cascade is the database's: one statement deletes a job, however long its history.
        migrations.RunSQL(
            """
            ALTER TABLE job_status ADD CONSTRAINT job_status_job_id_fk
                FOREIGN KEY (job_id) REFERENCES job (id) ON DELETE CASCADE
            """,
            "ALTER TABLE job_status DROP CONSTRAINT job_status_job_id_fk",
        ),
        # Vacuum and analyze after 2 % of the rows, not 20 %: index-only scans and estimates stay true.
        migrations.RunSQL(
            """
            ALTER TABLE job SET (
                autovacuum_vacuum_scale_factor = 0.02,
                autovacuum_analyze_scale_factor = 0.02,
                autovacuum_vacuum_insert_scale_factor = 0.02
            );
            ALTER TABLE job_status SET (
                autovacuum_analyze_scale_factor = 0.02,
                autovacuum_vacuum_insert_scale_factor = 0.02
            );
            """,
            migrations.RunSQL.noop,
        ),
    ]
