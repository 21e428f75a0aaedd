"""Running without Docker. Rule: standard library only: the environment is made here."""
