-- The triggers of job_status_append_only.

CREATE OR REPLACE TRIGGER job_status_no_update BEFORE UPDATE ON job_status
    FOR EACH STATEMENT EXECUTE FUNCTION job_status_append_only();
CREATE OR REPLACE TRIGGER job_status_no_delete BEFORE DELETE ON job_status
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION job_status_append_only();
CREATE OR REPLACE TRIGGER job_status_no_truncate BEFORE TRUNCATE ON job_status
    FOR EACH STATEMENT EXECUTE FUNCTION job_status_append_only();
