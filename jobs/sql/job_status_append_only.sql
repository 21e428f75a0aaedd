-- Refuses to change or delete entries of the history. The one exception is the cascade of a deleted job: it runs within a
-- foreign key trigger, so the depth is not 0. A condition on the transition table would be stricter, but it would run once
-- for each deleted job (docs/decisions/0032). INSERT, COPY and TRUNCATE are not affected, nor are sessions with
-- session_replication_role = replica, which pg_restore --disable-triggers and replication use.

CREATE OR REPLACE FUNCTION job_status_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = format('The status history is append-only: %s on job_status is not allowed.', tg_op),
        HINT = 'To correct a status, append another one. To delete a history, delete its job.',
        SCHEMA = tg_table_schema,
        TABLE = tg_table_name;
END $$;
COMMENT ON FUNCTION job_status_append_only() IS 'Trigger function: refuses the statement with SQLSTATE 23001 (restrict_violation).';

CREATE OR REPLACE TRIGGER job_status_no_update BEFORE UPDATE ON job_status
    FOR EACH STATEMENT EXECUTE FUNCTION job_status_append_only();
CREATE OR REPLACE TRIGGER job_status_no_delete BEFORE DELETE ON job_status
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION job_status_append_only();
COMMENT ON TRIGGER job_status_no_update ON job_status IS 'Refuses every UPDATE.';
COMMENT ON TRIGGER job_status_no_delete ON job_status IS 'Refuses every DELETE but the cascade of a deleted job.';
