-- The token with a key, together with the role of its user (jobs/access/tokens/lookup.py). A function, because each call of
-- the API needs it, and planning the query would take four times as long as it takes.
--
-- A user in neither group is a viewer. Nothing is to be noted in a database that takes no changes.

CREATE OR REPLACE FUNCTION api_token_find(
    wanted text, origin inet, newest integer,
    OUT id bigint, OUT pepper integer, OUT digest bytea, OUT scope text, OUT state text,
    OUT user_id bigint, OUT username text, OUT role integer, OUT is_to_be_noted boolean
) RETURNS SETOF record LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT token.id, token.pepper, token.digest, token.scope::text,
        CASE
            WHEN token.revoked_at IS NOT NULL OR NOT account.is_active THEN 'revoked'
            WHEN token.expires_at <= statement_timestamp() THEN 'expired'
            WHEN token.networks <> '{}' AND (origin <<= ANY (token.networks::cidr[])) IS NOT TRUE THEN 'elsewhere'
            ELSE 'usable'
        END,
        account.id::bigint, account.username::text,
        CASE WHEN account.is_superuser THEN 3 ELSE coalesce((
            SELECT max(CASE team.name WHEN 'admin' THEN 3 WHEN 'operator' THEN 2 ELSE 1 END)
            FROM auth_user_groups AS member JOIN auth_group AS team ON team.id = member.group_id
            WHERE member.user_id = account.id
        ), 1) END,
        current_setting('transaction_read_only') = 'off' AND (
            token.last_used_at IS NULL OR token.pepper <> newest
            OR token.last_used_at <= statement_timestamp() - interval '1 minute'
        )
    FROM api_token AS token JOIN auth_user AS account ON account.id = token.user_id
    WHERE token.key = wanted;
END $$;
COMMENT ON FUNCTION api_token_find(text, inet, integer) IS 'Returns the token with this key: what proves it, whether it may be used from this address, its user and role, and whether its use is to be noted. No row for an unknown key.';
