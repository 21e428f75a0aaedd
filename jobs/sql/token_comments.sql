-- What the tables of API tokens are for.

COMMENT ON TABLE api_token IS 'API tokens. None can be made from its row: that takes its secret, of which only an HMAC is stored.';
COMMENT ON COLUMN api_token.id IS 'The number of the token in this database.';
COMMENT ON COLUMN api_token.key IS 'The public part of the token, by which it is looked up.';
COMMENT ON COLUMN api_token.pepper IS 'The number of the pepper of the digest.';
COMMENT ON COLUMN api_token.digest IS 'HMAC-SHA256 of the key and the secret.';
COMMENT ON COLUMN api_token.user_id IS 'The user in whose name the token acts. Deleted users have no tokens.';
COMMENT ON COLUMN api_token.name IS 'What the token is for.';
COMMENT ON COLUMN api_token.scope IS 'What the token may do at most: read, write, admin or agent. The role of its user still applies.';
COMMENT ON COLUMN api_token.networks IS 'From where the token may be used; empty for everywhere.';
COMMENT ON COLUMN api_token.created_at IS 'When it was made.';
COMMENT ON COLUMN api_token.expires_at IS 'From then on it is refused.';
COMMENT ON COLUMN api_token.last_used_at IS 'When it was used, noted at most once a minute.';
COMMENT ON COLUMN api_token.last_used_from IS 'The address from which it was used then; null for a Unix socket.';
COMMENT ON COLUMN api_token.revoked_at IS 'From then on it is refused; null for a token that was not revoked.';
COMMENT ON COLUMN api_token.form IS 'The form that made it, so that a form that is sent twice makes one token.';
COMMENT ON INDEX api_token_key IS 'The token of a request.';
COMMENT ON INDEX api_token_form IS 'Keeps a form from making two tokens.';
COMMENT ON INDEX api_token_of_user IS 'The tokens of a user, newest first, and their cascading deletion.';

COMMENT ON TABLE api_token_event IS 'The log of API tokens: when each was made, used from an address for the first time, and revoked.';
COMMENT ON COLUMN api_token_event.id IS 'The order of the log.';
COMMENT ON COLUMN api_token_event.at IS 'When it happened.';
COMMENT ON COLUMN api_token_event.event IS 'created, used or revoked.';
COMMENT ON COLUMN api_token_event.token_id IS 'The token. Not a foreign key: the log outlives it.';
COMMENT ON COLUMN api_token_event.token_key IS 'The public part of the token.';
COMMENT ON COLUMN api_token_event.user_id IS 'The user of the token. Not a foreign key: the log outlives users.';
COMMENT ON COLUMN api_token_event.actor IS 'Who did it; null for the command line.';
COMMENT ON COLUMN api_token_event.address IS 'From where; null for the command line and for a Unix socket.';
COMMENT ON INDEX api_token_event_of_token IS 'The log of a token.';
