-- Claims an Idempotency-Key for the current transaction, or returns the response that is stored under it
-- (jobs/idempotency_store.py). A request in progress holds an advisory lock instead of a row, so a crash leaves nothing
-- behind.

CREATE OR REPLACE FUNCTION kept_answer_claim(
    wanted bytea,
    OUT free boolean, OUT request bytea, OUT status smallint, OUT headers jsonb, OUT body bytea
) RETURNS SETOF record LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
BEGIN
    -- The first look takes no lock: a stored response is returned without disturbing anyone. The second look, with the
    -- lock, finds a response stored since then. The function is volatile, so the second look has a newer snapshot.
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
COMMENT ON FUNCTION kept_answer_claim(bytea) IS 'Returns the response stored under the hash of an Idempotency-Key; or a row that is free, and the key then belongs to the transaction until it ends; or no row, if the key belongs to another transaction.';
