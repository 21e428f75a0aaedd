"""Who made a change, by the id that is stored beside it."""


def username_sql(column: str) -> str:
    """The name of the user with the id in the column; that of a user who is gone says the id."""
    name = f"(SELECT username FROM auth_user WHERE auth_user.id = {column})"
    return f"CASE WHEN {column} IS NOT NULL THEN coalesce({name}, 'user ' || {column}) END"
