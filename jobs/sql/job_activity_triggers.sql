-- The triggers of job_activity_track.

CREATE OR REPLACE TRIGGER job_activity_insert AFTER INSERT ON job_status
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION job_activity_track();
CREATE OR REPLACE TRIGGER job_activity_truncate AFTER TRUNCATE ON job_status
    FOR EACH STATEMENT EXECUTE FUNCTION job_activity_track();
