-- Creates the dashboard's role, which owns its database and the objects in it, and nothing else on the server.
-- Run as a superuser in that database; idempotent. Objects that a superuser created there for an earlier release change
-- their owner. In single-user mode an empty line ends a statement, so no statement contains one.

DO $$
DECLARE
    command text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jobs_web') THEN
        CREATE ROLE jobs_web LOGIN;
    END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO jobs_web', current_database());
    FOR command IN
        SELECT format(
            'ALTER %s %s OWNER TO jobs_web', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass
        )
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S') AND relowner <> 'jobs_web'::regrole
            AND NOT EXISTS (
                -- A column's sequence changes owner with its table; an extension's objects keep theirs.
                SELECT FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('a', 'i', 'e')
                    AND (relkind = 'S' OR deptype = 'e')
            )
        UNION ALL
        SELECT format('ALTER ROUTINE %s OWNER TO jobs_web', oid::regprocedure)
        FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner <> 'jobs_web'::regrole
            AND NOT EXISTS (
                SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
            )
    LOOP
        EXECUTE command;
    END LOOP;
END $$;

