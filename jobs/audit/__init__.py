"""Who did what: a log of logins, accounts and tokens, read together with what operations, the trash and histories say."""
