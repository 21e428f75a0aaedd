from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import CASCADE, F, Q

# Nothing but the statements in jobs/access/tokens writes and reads it. It refers to no row, and outlives tokens and users.
LOG = """
CREATE TABLE api_token_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    event text NOT NULL,
    token_id bigint NOT NULL,
    token_key text NOT NULL,
    user_id bigint NOT NULL,
    actor bigint,
    address inet,
    CONSTRAINT api_token_event_known CHECK (event IN ('created', 'used', 'revoked'))
);
CREATE INDEX api_token_event_of_token ON api_token_event (token_id, id);
"""
NO_LOG = """
-- squawk-ignore ban-drop-table
DROP TABLE api_token_event
"""


class Migration(migrations.Migration):
    """The tables of API tokens, which the previous release does not know. No table of jobs is locked."""

    dependencies = [
        ("jobs", "0030_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.TextField()),
                ("pepper", models.IntegerField()),
                ("digest", models.BinaryField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False, on_delete=CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("scope", models.CharField(max_length=16)),
                ("networks", ArrayField(models.TextField())),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("last_used_from", models.GenericIPAddressField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("form", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "api_token",
                "indexes": [models.Index(fields=["user", "id"], name="api_token_of_user")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(scope__in=["read", "write", "admin", "agent"]),
                        name="api_token_scope_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_later"
                    ),
                    models.UniqueConstraint(fields=["key"], name="api_token_key"),
                    models.UniqueConstraint(fields=["form"], name="api_token_form"),
                ],
            },
        ),
        migrations.RunSQL(LOG, NO_LOG),
    ]
