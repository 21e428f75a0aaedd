-- Refuses to change or delete entries of the history. The one exception is the cascade of a deleted job: it runs within a
-- foreign key trigger, so the depth is not 0. A condition on the transition table would be stricter, but it would run once
-- for each deleted job (docs/decisions/0032). TRUNCATE is refused unless job is truncated by the same statement, which has
-- locked all its tables before any trigger runs. INSERT and COPY are not affected, nor are sessions with
-- session_replication_role = replica, which pg_restore --disable-triggers and replication use.

CREATE OR REPLACE FUNCTION job_status_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF tg_op = 'TRUNCATE' AND EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database AND datname = current_database()
        WHERE pid = pg_backend_pid() AND relation = 'job'::regclass AND mode = 'AccessExclusiveLock' AND granted
    ) THEN RETURN NULL; END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = format('The status history is append-only: %s on job_status is not allowed.', tg_op),
        HINT = 'To correct a status, append another one. To delete a history, delete its job.',
        SCHEMA = tg_table_schema,
        TABLE = tg_table_name;
END $$;
COMMENT ON FUNCTION job_status_append_only() IS 'Trigger function: refuses the statement with SQLSTATE 23001 (restrict_violation).';
