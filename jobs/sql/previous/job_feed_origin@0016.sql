-- Identifies the cluster and its timeline. Only the previous release compares it; eras have replaced it
-- (docs/decisions/0026).

CREATE OR REPLACE FUNCTION job_feed_origin() RETURNS text LANGUAGE sql STABLE
RETURN (SELECT system_identifier FROM pg_control_system())
    || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8);
COMMENT ON FUNCTION job_feed_origin() IS 'The cluster and its timeline. For the previous release.';
