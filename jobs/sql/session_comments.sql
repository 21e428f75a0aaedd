-- What the table of sessions is for.

COMMENT ON TABLE login_session IS 'Where each session was last seen. It goes with its session.';
COMMENT ON COLUMN login_session.id IS 'The number of the session, which proves nothing.';
COMMENT ON COLUMN login_session.session_id IS 'The key of the session.';
COMMENT ON COLUMN login_session.user_id IS 'The user who is logged in.';
COMMENT ON COLUMN login_session.begun_at IS 'When the session began; for one that is older than this table, when it was first seen.';
COMMENT ON COLUMN login_session.last_seen_at IS 'When it was used, noted at most once a minute.';
COMMENT ON COLUMN login_session.address IS 'The address from which it was used then; null for a Unix socket.';
COMMENT ON COLUMN login_session.browser IS 'The browser and the system, as their User-Agent says.';
COMMENT ON INDEX login_session_of_user IS 'The sessions of a user.';
COMMENT ON INDEX login_session_key IS 'The row of a session.';
