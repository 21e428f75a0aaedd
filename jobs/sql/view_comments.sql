-- Whose the saved views are.

COMMENT ON COLUMN saved_view.owner_id IS 'The id of the user who made it; null in open mode, and for those from before there were users.';
COMMENT ON COLUMN saved_view.is_shared IS 'Whether everybody sees it.';
COMMENT ON COLUMN saved_view.place IS 'The list that it is in: 0 for the shared ones, otherwise that of its owner. Names, positions and the default are those of a list.';
COMMENT ON INDEX saved_view_name IS 'Keeps the names of a list unique.';
COMMENT ON INDEX saved_view_position IS 'The views of a list in their order. Keeps positions unique: with their range, it limits the number of views.';
COMMENT ON INDEX saved_view_default IS 'Keeps the number of defaults of a list at one at most.';
