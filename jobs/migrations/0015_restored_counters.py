from django.db import migrations

# The counters are a sum of what the triggers have seen. Where data alone is restored, the triggers see every job and
# every entry of a history, and the sums of the dump come beside: those are passed over. pg_dump's archives and scripts
# look their names up nowhere (search_path is empty), which nothing else does; and the triggers' own rows come from within
# a trigger. In a whole restore the sums are there before any trigger is.
FORWARD = """
CREATE FUNCTION job_restored_skip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RETURN NULL;
END $$;

DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION job_restored_skip() SET search_path = %I, pg_temp', current_schema());
END $$;

CREATE TRIGGER job_count_restored BEFORE INSERT ON job_count FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('search_path') = '')
    EXECUTE FUNCTION job_restored_skip();
CREATE TRIGGER job_activity_restored BEFORE INSERT ON job_activity FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('search_path') = '')
    EXECUTE FUNCTION job_restored_skip();
"""

BACKWARD = "DROP FUNCTION job_restored_skip() CASCADE;"


class Migration(migrations.Migration):
    """Reads and rewrites nothing."""

    dependencies = [("jobs", "0014_visible_names")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
