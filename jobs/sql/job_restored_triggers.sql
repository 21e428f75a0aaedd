-- The triggers of job_restored_skip: they skip rows that a data-only restore inserts.

CREATE OR REPLACE TRIGGER job_count_restored BEFORE INSERT ON job_count FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('search_path') = '')
    EXECUTE FUNCTION job_restored_skip();
CREATE OR REPLACE TRIGGER job_activity_restored BEFORE INSERT ON job_activity FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('search_path') = '')
    EXECUTE FUNCTION job_restored_skip();
