-- The trigger of job_trash_forget.

CREATE OR REPLACE TRIGGER job_trash_truncate AFTER TRUNCATE ON job
    FOR EACH STATEMENT EXECUTE FUNCTION job_trash_forget();
