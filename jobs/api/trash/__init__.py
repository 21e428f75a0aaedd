"""The trash: jobs that were deleted and can be restored."""
