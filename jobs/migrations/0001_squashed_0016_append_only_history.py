from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models import F, Func, Q
from django.db.models.deletion import DO_NOTHING

from jobs.sql.operations import CreateFunction, RunFile

KNOWN = ["PENDING", "RUNNING", "COMPLETED", "FAILED"]
STATUSES = [(status, status.capitalize()) for status in KNOWN]
# The characters that show nothing: jobs/names.py.
VISIBLE = (
    r"[^\U000000ad\U0000034f\U0000061c\U0000115f\U00001160\U000017b4\U000017b5\U0000180b-\U0000180f\U0000200b-\U0000200f"
    r"\U0000202a-\U0000202e\U00002060-\U0000206f\U00003164\U0000fe00-\U0000fe0f\U0000feff\U0000ffa0\U0000fff0-\U0000fff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U00000001-\U00000020\U0000007f-\U000000a0\U00001680"
    r"\U00002000-\U0000200a\U00002028\U00002029\U0000202f\U0000205f\U00003000\U00002800\U0000fff9-\U0000fffb"
    r"\U00013430-\U0001343f\U00013441\U00013442\U0001d159]"
)

# The cascade is the database's, so that one statement deletes a job, however long its history. Vacuum and analyze run
# after 2 % of the rows have changed instead of 20 %: index-only scans and estimates stay accurate. Searches are planned
# by how many names contain a term, which needs finer statistics of the names than the default.
SETTINGS = """
ALTER TABLE job_status ADD CONSTRAINT job_status_job_id_fk FOREIGN KEY (job_id) REFERENCES job (id) ON DELETE CASCADE;
ALTER TABLE job SET (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.02
);
ALTER TABLE job_status SET (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE job ALTER COLUMN name_key SET STATISTICS 1000;
"""

# Tables without models. Those of the counters have few rows, each of which lives briefly: vacuum early and at full speed.
TABLES = """
CREATE TABLE job_count (status text NOT NULL, n bigint NOT NULL) WITH (
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_threshold = 1000000000
);
CREATE TABLE job_activity (minute timestamptz NOT NULL, status text NOT NULL, n bigint NOT NULL) WITH (
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_threshold = 1000000000
);

CREATE TABLE job_event (
    turn bigint NOT NULL,
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    type text NOT NULL,
    job_id bigint NOT NULL,
    name text NOT NULL,
    status_type text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    status_id bigint,
    undoes bigint,
    PRIMARY KEY (turn, id)
) WITH (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.1,
    autovacuum_analyze_scale_factor = 0.1
);
CREATE TABLE job_feed (
    tag text NOT NULL, origin text NOT NULL, low_turn bigint NOT NULL DEFAULT 0, low_id bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX job_feed_is_one_row ON job_feed ((true));
CREATE UNLOGGED TABLE job_feed_unbroken (whole boolean NOT NULL DEFAULT true PRIMARY KEY);
CREATE TABLE job_feed_era (
    era bigint PRIMARY KEY,
    mark text NOT NULL UNIQUE,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE job_feed_given (era bigint PRIMARY KEY, turn bigint NOT NULL) WITH (
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_analyze_threshold = 1000000000
);
CREATE UNLOGGED TABLE job_feed_running (
    era bigint NOT NULL, started timestamptz NOT NULL, place text NOT NULL, written_by xid, era_written_by xid
);

CREATE TABLE kept_answer (
    key bytea PRIMARY KEY,
    request bytea NOT NULL,
    status smallint NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX kept_answer_by_expiry ON kept_answer (expires_at);
CREATE TABLE export_receipt (
    id uuid PRIMARY KEY,
    jobs bigint NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX export_receipt_by_expiry ON export_receipt (expires_at);
"""
DROP_TABLES = """
DROP TABLE job_count, job_activity, job_event, job_feed, job_feed_unbroken, job_feed_era, job_feed_given,
    job_feed_running, kept_answer, export_receipt
"""

INDEXES = [
    models.Index(fields=["created_at", "id"], name="job_by_created"),
    models.Index(fields=["updated_at", "id"], name="job_by_updated"),
    models.Index(fields=["name_key", "id"], name="job_by_name"),
    models.Index(fields=["current_status", "created_at", "id"], name="job_by_status_created"),
    models.Index(fields=["current_status", "updated_at", "id"], name="job_by_status_updated"),
    models.Index(fields=["current_status", "name_key", "id"], name="job_by_status_name"),
    GinIndex(
        OpClass("name_key", "gin_trgm_ops"),
        fastupdate=True,
        gin_pending_list_limit=1024,
        name="job_name_trigrams",
    ),
]


def automatic_id() -> Any:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    """The whole schema, for a new database. A database that has some of the replaced migrations gets the others."""

    initial = True

    replaces = [
        ("jobs", "0001_jobs_and_history"),
        ("jobs", "0002_exact_counters"),
        ("jobs", "0003_self_folding_counters"),
        ("jobs", "0004_name_key"),
        ("jobs", "0005_undone_status"),
        ("jobs", "0006_activity"),
        ("jobs", "0007_kept_answer"),
        ("jobs", "0008_change_feed"),
        ("jobs", "0009_fixed_search_path"),
        ("jobs", "0010_export_receipt"),
        ("jobs", "0011_folded_name_key"),
        ("jobs", "0012_feed_eras"),
        ("jobs", "0013_statistics_of_names"),
        ("jobs", "0014_visible_names"),
        ("jobs", "0015_restored_counters"),
        ("jobs", "0016_append_only_history"),
    ]

    dependencies = []

    operations = [
        TrigramExtension(),
        # Before the table whose column calls it.
        CreateFunction("job_name_key", "44b2945449f7"),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", automatic_id()),
                ("name", models.CharField(db_collation="pg_c_utf8", max_length=255)),
                (
                    "current_status",
                    models.CharField(
                        choices=STATUSES, default="PENDING", editable=False, max_length=16
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "name_key",
                    models.GeneratedField(
                        expression=Func(F("name"), function="job_name_key"),
                        output_field=models.TextField(db_collation="pg_c_utf8"),
                        db_persist=True,
                        editable=False,
                    ),
                ),
            ],
            options={
                "db_table": "job",
                "constraints": [
                    models.CheckConstraint(condition=~Q(name=""), name="job_name_not_blank"),
                    models.CheckConstraint(
                        condition=Q(name__regex=VISIBLE), name="job_name_visible"
                    ),
                    models.CheckConstraint(
                        condition=Q(current_status__in=KNOWN), name="job_status_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JobStatus",
            fields=[
                ("id", automatic_id()),
                ("status_type", models.CharField(choices=STATUSES, max_length=16)),
                ("timestamp", models.DateTimeField(editable=False)),
                (
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=DO_NOTHING,
                        related_name="statuses",
                        to="jobs.job",
                    ),
                ),
                ("undoes", models.BigIntegerField(editable=False, null=True)),
            ],
            options={
                "db_table": "job_status",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(status_type__in=KNOWN), name="job_status_type_known"
                    )
                ],
            },
        ),
        *[migrations.AddIndex("job", index) for index in INDEXES],
        migrations.AddIndex(
            "jobstatus", models.Index(fields=["job", "id"], name="job_status_of_job")
        ),
        migrations.RunSQL(SETTINGS, migrations.RunSQL.noop),
        migrations.RunSQL(TABLES, DROP_TABLES),
        # Dropped before the table that it reads.
        migrations.RunSQL(migrations.RunSQL.noop, "DROP VIEW job_counts"),
        RunFile("job_counts", "538f038334e3"),
        CreateFunction("job_feed_origin", "c64f5bf190fd"),
        CreateFunction("job_feed_current", "267bd6098626"),
        CreateFunction("job_feed_open_turn", "d1bace141e11"),
        CreateFunction("job_feed_raise", "9c648dd07cc2"),
        CreateFunction("job_feed_forget", "c853e89aad16"),
        CreateFunction("job_feed_restart", "c7b879648a61"),
        CreateFunction("job_event_trim", "e1c9b28fa731"),
        CreateFunction("job_event_track", "651ea4b269a8"),
        CreateFunction("job_count_fold", "7c0d596bb381"),
        CreateFunction("job_count_track", "538b153b2ed5"),
        CreateFunction("job_activity_minute", "ad79c15615d6"),
        CreateFunction("job_activity_fold", "51af68563f8d"),
        CreateFunction("job_activity_track", "0c509270baaf"),
        CreateFunction("job_restored_skip", "a76531a22ecc"),
        CreateFunction("job_status_append_only", "f52e0d13a59d"),
        CreateFunction("kept_answer_claim", "0d35e7f6e102"),
        RunFile("job_event_triggers", "a00f1a5fa68f"),
        RunFile("job_count_triggers", "4cb37cab95a4"),
        RunFile("job_activity_triggers", "be73946cea50"),
        RunFile("job_restored_triggers", "73e2ba78d5ab"),
        RunFile("job_status_triggers", "c0996990927e"),
        RunFile("comments", "edcedde7b650"),
        # The change feed begins with its first era.
        migrations.RunSQL("SELECT job_feed_raise(true)", migrations.RunSQL.noop),
    ]
