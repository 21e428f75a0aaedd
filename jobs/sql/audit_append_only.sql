-- Refuses to change entries of the audit log, and to delete those of the last day. Older ones are deleted when they expire.

CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = format('The audit log is append-only: %s on audit_event is not allowed.', tg_op),
        HINT = 'Entries are deleted when they are older than AUDIT_DAYS, by manage.py trim_audit.',
        SCHEMA = tg_table_schema,
        TABLE = tg_table_name;
END $$;
COMMENT ON FUNCTION audit_append_only() IS 'Trigger function: refuses the statement with SQLSTATE 23001 (restrict_violation).';
