from django.db import migrations

# The answers to requests that carried an Idempotency-Key, for a day (jobs/idempotency_store.py). No row stands for a request
# under way: that is a lock, so a crash leaves nothing behind that would have to be cleared away.
FORWARD = """
CREATE TABLE kept_answer (
    key bytea PRIMARY KEY,
    request bytea NOT NULL,
    status smallint NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
-- What has expired, oldest first
CREATE INDEX kept_answer_by_expiry ON kept_answer (expires_at);
COMMENT ON COLUMN kept_answer.key IS 'SHA-256 of the Idempotency-Key';
COMMENT ON COLUMN kept_answer.request IS 'SHA-256 of the method, the address and the body';

-- The answer kept under the key. A row that is free where there is none: the key is then the transaction's, to its end.
-- No row at all where it is another transaction's.
CREATE FUNCTION kept_answer_claim(
    wanted bytea,
    OUT free boolean, OUT request bytea, OUT status smallint, OUT headers jsonb, OUT body bytea
) RETURNS SETOF record LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    -- Looked for before the lock is tried: who only gets an answer again is in nobody's way. And once more behind it:
    -- who held it may have answered since. Volatile, so the second look sees what was committed after the first.
    FOR look IN 1..2 LOOP
        RETURN QUERY
            SELECT false, kept.request, kept.status, kept.headers, kept.body FROM kept_answer AS kept
            WHERE kept.key = wanted AND kept.expires_at > statement_timestamp();
        IF found THEN RETURN; END IF;
        IF look = 1
            AND NOT pg_try_advisory_xact_lock(('x' || left(encode(wanted, 'hex'), 16))::bit(64)::bigint)
        THEN RETURN; END IF;
    END LOOP;
    free := true;
    RETURN NEXT;
END $$;
"""

BACKWARD = """
DROP FUNCTION kept_answer_claim(bytea);
DROP TABLE kept_answer;
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0006_activity")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
