CREATE OR REPLACE FUNCTION kept_answer_claim(wanted bytea, OUT free boolean, OUT request bytea, OUT status smallint, OUT headers jsonb, OUT body bytea)
 RETURNS SETOF record
 LANGUAGE plpgsql
 SET search_path FROM CURRENT
AS $function$
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
END $function$;
