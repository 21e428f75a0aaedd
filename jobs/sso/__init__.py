"""Logging in at a provider of OpenID Connect, by the authorization code flow with PKCE. Nothing is trusted unsigned."""
