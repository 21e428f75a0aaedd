-- What the table of accounts at a provider is for.

COMMENT ON TABLE provider_account IS 'Whom a provider of OpenID Connect names, and whose account that is.';
COMMENT ON COLUMN provider_account.id IS 'The number of the row, which is used nowhere else.';
COMMENT ON COLUMN provider_account.issuer IS 'The URL of the provider.';
COMMENT ON COLUMN provider_account.subject IS 'Whom it names; no two people have had the same subject.';
COMMENT ON COLUMN provider_account.user_id IS 'The account here.';
COMMENT ON COLUMN provider_account.created_at IS 'When the account was made by the first login, or linked.';
COMMENT ON COLUMN provider_account.last_login_at IS 'When the user last logged in at the provider; null if never since it was linked.';
COMMENT ON INDEX provider_account_subject IS 'Finds the account at a login.';
COMMENT ON INDEX provider_account_user IS 'Finds whether an account is at the provider.';
