-- Keeps a data-only restore from adding the dump's counters to those that the triggers count while the jobs are restored.
-- pg_restore sets an empty search_path, which nothing else does. The triggers' own rows are inserted from within a trigger;
-- a complete restore inserts the rows before it creates any trigger.

CREATE OR REPLACE FUNCTION job_restored_skip() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RETURN NULL;
END $$;
COMMENT ON FUNCTION job_restored_skip() IS 'Trigger function: skips the row.';
