-- Keeps a data-only restore from adding the dump's counters to those that the triggers count while the jobs are restored.
-- pg_restore sets an empty search_path, which nothing else does. The triggers' own rows are inserted from within a trigger;
-- a complete restore inserts the rows before it creates any trigger.

CREATE OR REPLACE FUNCTION job_restored_skip() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RETURN NULL;
END $$;
COMMENT ON FUNCTION job_restored_skip() IS 'Trigger function: skips the row.';

CREATE OR REPLACE TRIGGER job_count_restored BEFORE INSERT ON job_count FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('search_path') = '')
    EXECUTE FUNCTION job_restored_skip();
CREATE OR REPLACE TRIGGER job_activity_restored BEFORE INSERT ON job_activity FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('search_path') = '')
    EXECUTE FUNCTION job_restored_skip();
COMMENT ON TRIGGER job_count_restored ON job_count IS 'Skips rows that pg_restore inserts: the triggers on job have counted the restored jobs.';
COMMENT ON TRIGGER job_activity_restored ON job_activity IS 'Skips rows that pg_restore inserts: the triggers on job_status have counted the restored history.';
