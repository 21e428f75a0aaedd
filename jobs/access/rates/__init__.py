"""How many requests a token, a user or an address may send, counted for all processes of a server together."""
