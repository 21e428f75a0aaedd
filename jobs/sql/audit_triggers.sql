-- The triggers of audit_append_only.

CREATE OR REPLACE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE OR REPLACE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    FOR EACH ROW WHEN (old.at > statement_timestamp() - interval '24 hours') EXECUTE FUNCTION audit_append_only();
