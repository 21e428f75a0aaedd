"""Who makes a request, and what that person or program may do."""
