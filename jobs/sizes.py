"""What the tables occupy, and how far what cannot grow for ever has gone: by the catalog, so that no table is read."""

from typing import Final, NamedTuple

from django.db import connection

# Sizes are those of the files; numbers of rows are what vacuum and ANALYZE have last seen, or -1.
TABLES: Final = """
SELECT class.relname, greatest(class.reltuples, 0)::bigint, pg_relation_size(class.oid),
    pg_indexes_size(class.oid), pg_total_relation_size(class.oid),
    coalesce(activity.n_dead_tup, 0), greatest(activity.last_vacuum, activity.last_autovacuum)
FROM pg_class AS class LEFT JOIN pg_stat_all_tables AS activity ON activity.relid = class.oid
WHERE class.relnamespace = current_schema()::regnamespace AND class.relkind IN ('r', 'm')
ORDER BY pg_total_relation_size(class.oid) DESC, class.relname
"""
INDEXES: Final = """
SELECT index.relname, class.relname, method.amname, pg_total_relation_size(index.oid)
FROM pg_index AS entry
JOIN pg_class AS index ON index.oid = entry.indexrelid
JOIN pg_class AS class ON class.oid = entry.indrelid
JOIN pg_am AS method ON method.oid = index.relam
WHERE class.relnamespace = current_schema()::regnamespace
ORDER BY pg_total_relation_size(index.oid) DESC, index.relname
"""
# Only the owner of a sequence, or who may read it, sees its last value.
WHOLE: Final = """
SELECT pg_database_size(current_database()),
    (SELECT coalesce(sum(n), 0)::bigint FROM job_counts),
    (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()),
    current_setting('autovacuum_freeze_max_age')::bigint,
    (
        SELECT max(last_value / max_value::numeric)::float8 FROM pg_sequences
        WHERE schemaname = current_schema()
    )
"""
LAST_XID: Final = 2**31
"""The age at which PostgreSQL would stop accepting changes; autovacuum prevents it from the maximum age on."""


class Table(NamedTuple):
    """Sizes in bytes. `total` has the indexes and the values that are stored outside of the rows."""

    name: str
    rows: int
    heap: int
    indexes: int
    total: int
    dead_rows: int
    vacuumed: object


class Index(NamedTuple):
    name: str
    table: str
    method: str
    size: int


class Sizes(NamedTuple):
    """`xid_age` and `freeze_at` are numbers of transactions; `ids_used` is the share of the ids of the table that has used
    up most of them, or None if the role may not see it.
    """

    size: int
    jobs: int
    xid_age: int
    freeze_at: int
    ids_used: float | None
    tables: list[Table]
    indexes: list[Index]


def sizes() -> Sizes:
    """Takes as long for ten million jobs as for none."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [Table._make(row) for row in cursor.fetchall()]
        cursor.execute(INDEXES)
        indexes = [Index._make(row) for row in cursor.fetchall()]
        cursor.execute(WHOLE)
        size, jobs, xid_age, freeze_at, ids_used = cursor.fetchone()
    return Sizes(size, jobs, xid_age, freeze_at, ids_used, tables, indexes)
