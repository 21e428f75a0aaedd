from typing import Any

from django.db import migrations

# What createcachetable would create: the counts of attempts to log in, which all processes share.
LIMIT = """
CREATE TABLE login_limit (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX login_limit_expires ON login_limit (expires)
"""
NO_LIMIT = """
-- squawk-ignore ban-drop-table
DROP TABLE login_limit
"""
ROLES = ("viewer", "operator", "admin")


def create_groups(apps: Any, schema_editor: Any) -> None:
    groups = apps.get_model("auth", "Group").objects
    for name in ROLES:
        groups.get_or_create(name=name)


def remove_groups(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    """The roles as groups, and a new table. No other table is locked, and the previous release knows neither."""

    dependencies = [
        ("jobs", "0028_events_of_operations"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.RunPython(create_groups, remove_groups),
        migrations.RunSQL(LIMIT, NO_LIMIT),
    ]
