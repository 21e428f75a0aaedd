"""The definitions of our objects in the session's schema, from PostgreSQL's catalogs: not Django's, django-allauth's or
Procrastinate's."""

from collections.abc import Callable
from typing import Any

QUERY = """
WITH relation AS (
    SELECT * FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'i', 'S') AND relname NOT LIKE 'django%'
        AND relname NOT LIKE '%procrastinate%'
        AND relname !~ '^(auth_|account_|mfa_|login_limit|unique_(primary|verified)_email|unique_authenticator_type)'
)
SELECT 'relation ' || relname, concat_ws(' ', relkind, relpersistence, reloptions, relowner::regrole, relacl,
    CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) WHEN 'i' THEN pg_get_indexdef(oid) END), obj_description(oid, 'pg_class')
FROM relation
UNION ALL
SELECT 'column ' || relname || '.' || attname, concat_ws(' ',
        row_number() OVER (PARTITION BY relname ORDER BY attnum), format_type(atttypid, atttypmod),
        attcollation::regcollation, attnotnull, attidentity, attgenerated, attstattarget, attacl,
        pg_get_expr(adbin, adrelid)),
    col_description(relation.oid, attnum)
FROM relation JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relkind IN ('r', 'v')
UNION ALL
SELECT 'constraint ' || relname || '.' || conname, concat_ws(' ', convalidated, pg_get_constraintdef(con.oid)),
    obj_description(con.oid, 'pg_constraint')
FROM relation JOIN pg_constraint AS con ON conrelid = relation.oid
UNION ALL
SELECT 'trigger ' || relname || '.' || tgname, concat_ws(' ', tgenabled, pg_get_triggerdef(trigger.oid)),
    obj_description(trigger.oid, 'pg_trigger')
FROM relation JOIN pg_trigger AS trigger ON tgrelid = relation.oid AND NOT tgisinternal
UNION ALL
SELECT 'function ' || proname, concat_ws(' ', proowner::regrole, proacl, pg_get_functiondef(oid)),
    obj_description(oid, 'pg_proc')
FROM pg_proc
WHERE pronamespace = current_schema()::regnamespace AND proname NOT LIKE 'procrastinate%'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
"""


class Definitions(dict[str, tuple[str, str | None]]):
    """By kind and name, the definition of each object and its comment."""

    def names(self, *kinds: str) -> set[str]:
        return {name for kind, _, name in (key.partition(" ") for key in self) if kind in kinds}

    def without_comment(self, *kinds: str) -> set[str]:
        return {
            key for key, (_, comment) in self.items() if key.split()[0] in kinds and not comment
        }


def definitions(run: Callable[[str], list[tuple[Any, ...]]]) -> Definitions:
    """What `run` finds, which returns the rows of a query."""
    return Definitions({key: (definition, comment) for key, definition, comment in run(QUERY)})
