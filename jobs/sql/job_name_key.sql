-- The search key of a name, the same for names that differ in case or encoding only; jobs.names.name_key is the same
-- function in Python. Neither STRICT nor with settings of its own, so that the planner can inline it. ASCII is only
-- lower-cased. Before version 18 PostgreSQL has no casefold(). Changing it requires rewriting job.name_key
-- (docs/decisions/0028).

DO $do$
DECLARE
    folded CONSTANT text := CASE WHEN current_setting('server_version_num')::integer >= 180000
        THEN 'casefold(normalize(name, NFD) COLLATE pg_unicode_fast)'
        ELSE $$replace(lower(upper(normalize(name, NFD) COLLATE pg_c_utf8) COLLATE pg_c_utf8), 'ß', 'ss')$$ END;
BEGIN
    EXECUTE format($sql$
        CREATE OR REPLACE FUNCTION job_name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN octet_length(name) = length(name) THEN lower(name COLLATE "C") COLLATE pg_c_utf8
            ELSE normalize(
                regexp_replace(replace(%s, 'ı', 'i') COLLATE pg_c_utf8, 'i\u0307+', 'i', 'g'), NFC
            ) COLLATE pg_c_utf8 END
    $sql$, folded);
END $do$;
