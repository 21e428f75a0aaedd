"""API tokens: text that a program sends as `Authorization: Bearer …`, with the rights of a user within a scope."""
