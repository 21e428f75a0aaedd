from django.db import migrations

# Whoever calls them, and by whatever search_path (pg_restore has none): functions find the tables beside which they were
# made. Those in SQL need it less, for their bodies are bound to the tables already, and would no longer be inlined.
FORWARD = """
DO $$
DECLARE
    function text;
BEGIN
    FOR function IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname LIKE ANY (ARRAY['job\\_%', 'kept\\_answer\\_%'])
            AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', function, current_schema());
    END LOOP;
END $$
"""
BACKWARD = FORWARD.replace("SET search_path = %I, pg_temp", "RESET search_path").replace(
    ", function, current_schema())", ", function)"
)


class Migration(migrations.Migration):
    """Reads and rewrites nothing."""

    dependencies = [("jobs", "0008_change_feed")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
