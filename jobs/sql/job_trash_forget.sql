-- Empties the trash together with the jobs: their ids may be given out again.

CREATE OR REPLACE FUNCTION job_trash_forget() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    TRUNCATE trashed_job, trashed_status;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION job_trash_forget() IS 'Trigger function: empties the trash.';
