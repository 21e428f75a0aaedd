"""Saved views: names for searches of the job list, with their ordering, page size and columns."""
