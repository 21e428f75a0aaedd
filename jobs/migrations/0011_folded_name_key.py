from typing import Any

from django.db import migrations, models
from django.db.models import F, Func

# Names are sorted and searched by a key in which case does not matter, nor how an accent is encoded, nor which of the
# forms of one letter was written: `Straße` and `STRASSE`, `οδος` and `ΟΔΟΣ`, é as one code point or as two. Decomposed
# before it is folded and composed after it, so that the key of a key is itself. I, i, İ and ı are one letter: in upper or
# lower case each of them may become another. ASCII, most names by far, is just lowered. Not STRICT and without SET, so
# that the planner puts the body in the place of the call. jobs.names.name_key is its twin.
KEY = r"""
CREATE FUNCTION job_name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(name) = length(name) THEN lower(name COLLATE "C") COLLATE pg_c_utf8
    ELSE normalize(
        regexp_replace(replace({folded}, 'ı', 'i') COLLATE pg_c_utf8, 'i\u0307+', 'i', 'g'), NFC
    ) COLLATE pg_c_utf8 END
"""
FOLDED = "casefold(normalize(name, NFD) COLLATE pg_unicode_fast)"
# Before version 18 PostgreSQL knows no case folding: of the letters that fold into several only ß, and final sigma.
FOLDED_BEFORE_18 = (
    "replace(lower(upper(normalize(name, NFD) COLLATE pg_c_utf8) COLLATE pg_c_utf8), 'ß', 'ss')"
)
TO_KEY = "ALTER TABLE job ALTER COLUMN name_key SET EXPRESSION AS (job_name_key(name))"
FROM_KEY = "ALTER TABLE job ALTER COLUMN name_key SET EXPRESSION AS (lower(name))"


def make_key(apps: Any, schema_editor: Any) -> None:
    is_18 = schema_editor.connection.pg_version >= 180_000
    schema_editor.execute(KEY.format(folded=FOLDED if is_18 else FOLDED_BEFORE_18))


class Migration(migrations.Migration):
    """Rewrites the table and its indexes, and locks it for as long: docs/decisions/0028."""

    dependencies = [("jobs", "0010_export_receipt")]

    operations = [
        migrations.RunPython(
            make_key,
            lambda apps, schema_editor: schema_editor.execute("DROP FUNCTION job_name_key(text)"),
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(TO_KEY, FROM_KEY)],
            [
                migrations.RemoveField("job", "name_key"),
                migrations.AddField(
                    "job",
                    "name_key",
                    models.GeneratedField(
                        expression=Func(F("name"), function="job_name_key"),
                        output_field=models.TextField(db_collation="pg_c_utf8"),
                        db_persist=True,
                        editable=False,
                    ),
                ),
            ],
        ),
    ]
