-- What tables, columns, indexes, constraints, triggers, the view and job_name_key are for. Apart from the files that define
-- them: a comment needs no lock that blocks writers, and no rewrite of job.name_key. The other functions' files comment on
-- those.

COMMENT ON TABLE job IS 'Jobs. Triggers on it maintain the counters and the change feed.';
COMMENT ON COLUMN job.id IS 'Assigned in the order of creation.';
COMMENT ON COLUMN job.name IS 'As it was entered; need not be unique.';
COMMENT ON COLUMN job.current_status IS 'The status of the newest entry of the job''s history.';
COMMENT ON COLUMN job.created_at IS 'The timestamp of the first entry of the history.';
COMMENT ON COLUMN job.updated_at IS 'The job''s version: every change advances it. Equals the timestamp of the newest entry if the last change was a status change.';
COMMENT ON COLUMN job.key IS 'The id that another system gives the job; unique, unless it is null.';
COMMENT ON COLUMN job.labels IS 'Each is key=value; sorted by bytes, and each key appears once.';
COMMENT ON COLUMN job.name_key IS 'The key for searching and sorting by name.';
COMMENT ON INDEX job_by_created IS 'The list by creation.';
COMMENT ON INDEX job_by_updated IS 'The list by last change.';
COMMENT ON INDEX job_by_name IS 'The list by name.';
COMMENT ON INDEX job_by_status_created IS 'The list of one status, by creation.';
COMMENT ON INDEX job_by_status_updated IS 'The list of one status, by last change.';
COMMENT ON INDEX job_by_status_name IS 'The list of one status, by name.';
COMMENT ON INDEX job_name_trigrams IS 'Searches for a part of the name. Its pending list is limited to 1 MB: flushing a larger one would stall an insert for 0.2 s.';
COMMENT ON INDEX job_key IS 'Keeps keys unique, and finds a job by its key.';
COMMENT ON INDEX job_labels IS 'Searches for a label. A query repeats its condition: jobs without labels are not in it. Its pending list is limited as that of job_name_trigrams.';
COMMENT ON CONSTRAINT job_key_visible ON job IS 'A key shows at least one character, as a name does.';
COMMENT ON CONSTRAINT job_labels_few ON job IS 'A job has at most 16 labels.';
COMMENT ON CONSTRAINT job_name_visible ON job IS 'A name shows at least one character; the characters that show nothing are listed in jobs/names.py.';

COMMENT ON TABLE job_status IS 'The status history of the jobs: append-only, deleted together with its job.';
COMMENT ON COLUMN job_status.id IS 'Assigned while the job''s row is locked: the entries of a job are in this order.';
COMMENT ON COLUMN job_status.job_id IS 'The job.';
COMMENT ON COLUMN job_status.status_type IS 'The status that the job entered.';
COMMENT ON COLUMN job_status."timestamp" IS 'When it did: the job''s updated_at of that change.';
COMMENT ON COLUMN job_status.undoes IS 'For an undo, the id of the entry that it undoes. Not a foreign key: both are deleted together with their job.';
COMMENT ON COLUMN job_status.reason IS 'Why, in the words of whoever reported the status.';
COMMENT ON COLUMN job_status.source IS 'By what the status was reported: a value of Source in jobs/sources.py. Null for entries of earlier releases.';
COMMENT ON COLUMN job_status.actor IS 'The id of the user who set it; null in open mode.';
COMMENT ON COLUMN job_status.occurred_at IS 'When it happened, according to whoever reported it. The order of the history is that of the ids.';
COMMENT ON COLUMN job_status.operation_id IS 'The operation that appended the entry. Not a foreign key: an operation can be forgotten before the history.';
COMMENT ON INDEX job_status_of_operation IS 'The entries that an operation has appended.';
COMMENT ON INDEX job_status_of_job IS 'The history of a job, newest first, and its cascading deletion.';
COMMENT ON CONSTRAINT job_status_job_id_fk ON job_status IS 'Deletes the history with its job, in the same statement.';

COMMENT ON TABLE trashed_job IS 'Deleted jobs, as they were, until they are restored or the trash is emptied.';
COMMENT ON COLUMN trashed_job.id IS 'The id that the job had and gets again.';
COMMENT ON COLUMN trashed_job.name IS 'As in job.';
COMMENT ON COLUMN trashed_job.current_status IS 'As in job.';
COMMENT ON COLUMN trashed_job.created_at IS 'As in job.';
COMMENT ON COLUMN trashed_job.updated_at IS 'The version that was deleted.';
COMMENT ON COLUMN trashed_job.key IS 'As in job. Another job may have it by now.';
COMMENT ON COLUMN trashed_job.labels IS 'As in job.';
COMMENT ON COLUMN trashed_job.deleted_at IS 'When the job was deleted; TRASH_DAYS later the entry expires.';
COMMENT ON COLUMN trashed_job.operation_id IS 'The operation that deleted the job.';
COMMENT ON INDEX trashed_job_by_deletion IS 'The trash, newest first, and its emptying.';
COMMENT ON INDEX trashed_job_of_operation IS 'The jobs that an operation has deleted.';

COMMENT ON TABLE trashed_status IS 'The histories of the jobs in the trash.';
COMMENT ON COLUMN trashed_status.id IS 'The id that the entry had and gets again.';
COMMENT ON COLUMN trashed_status.job_id IS 'The job. Not a foreign key, which would be checked for each entry of a deleted job: who deletes the job''s row deletes these in the same statement.';
COMMENT ON COLUMN trashed_status.status_type IS 'As in job_status.';
COMMENT ON COLUMN trashed_status."timestamp" IS 'As in job_status.';
COMMENT ON COLUMN trashed_status.undoes IS 'As in job_status.';
COMMENT ON COLUMN trashed_status.reason IS 'As in job_status.';
COMMENT ON COLUMN trashed_status.source IS 'As in job_status.';
COMMENT ON COLUMN trashed_status.actor IS 'As in job_status.';
COMMENT ON COLUMN trashed_status.occurred_at IS 'As in job_status.';
COMMENT ON COLUMN trashed_status.operation_id IS 'As in job_status: the operation that appended the entry.';

COMMENT ON TABLE job_count IS 'Delta rows of the number of jobs in each status; job_counts adds them up. Writers never update them, and so never wait for each other.';
COMMENT ON COLUMN job_count.status IS 'A value of job.current_status.';
COMMENT ON COLUMN job_count.n IS 'How many jobs were added; negative if they were removed.';

COMMENT ON TABLE job_activity IS 'Delta rows of the number of history entries in each minute of the last eight days.';
COMMENT ON COLUMN job_activity.minute IS 'The start of the minute, or of the quarter of an hour.';
COMMENT ON COLUMN job_activity.status IS 'A value of job_status.status_type.';
COMMENT ON COLUMN job_activity.n IS 'How many entries were added.';

COMMENT ON TABLE kept_answer IS 'Responses to requests with an Idempotency-Key, stored for a day.';
COMMENT ON COLUMN kept_answer.key IS 'SHA-256 of the Idempotency-Key.';
COMMENT ON COLUMN kept_answer.request IS 'SHA-256 of the method, the URL and the body.';
COMMENT ON COLUMN kept_answer.status IS 'The HTTP status of the response.';
COMMENT ON COLUMN kept_answer.headers IS 'The headers of the response.';
COMMENT ON COLUMN kept_answer.body IS 'The body of the response.';
COMMENT ON COLUMN kept_answer.expires_at IS 'From then on the key can be used again.';
COMMENT ON INDEX kept_answer_by_expiry IS 'Deletion of expired rows, oldest first.';

COMMENT ON TABLE export_receipt IS 'The contents of each complete export, stored for a day: a client compares them with its file.';
COMMENT ON COLUMN export_receipt.id IS 'The Export-Id.';
COMMENT ON COLUMN export_receipt.jobs IS 'The number of jobs in the file.';
COMMENT ON COLUMN export_receipt.bytes IS 'The size of the file.';
COMMENT ON COLUMN export_receipt.sha256 IS 'SHA-256 of the file.';
COMMENT ON COLUMN export_receipt.finished_at IS 'When the last byte was generated.';
COMMENT ON COLUMN export_receipt.expires_at IS 'From then on the receipt is not returned.';
COMMENT ON INDEX export_receipt_by_expiry IS 'Deletion of expired rows, oldest first.';

COMMENT ON TABLE saved_view IS 'Saved views of the job list: a name for a search with its status tabs, ordering, page size and columns. Shared by all operators.';
COMMENT ON COLUMN saved_view.id IS 'Part of the links to the view, so that they outlive a new name.';
COMMENT ON COLUMN saved_view.name IS 'As it was entered.';
COMMENT ON COLUMN saved_view.name_key IS 'The key by which names are unique: that of jobs.';
COMMENT ON COLUMN saved_view.statuses IS 'The selected status tabs; empty for all.';
COMMENT ON COLUMN saved_view.q IS 'The text of the search. It was valid when it was saved.';
COMMENT ON COLUMN saved_view.ordering IS 'The sort order, as in the query string of the list.';
COMMENT ON COLUMN saved_view.page_size IS 'The number of jobs on a page.';
COMMENT ON COLUMN saved_view.columns IS 'The columns that are shown, in order; empty for those that each viewer has chosen.';
COMMENT ON COLUMN saved_view.position IS 'The place among the views, from 1 and without gaps.';
COMMENT ON COLUMN saved_view.is_default IS 'Whether the bare address of the dashboard shows this view.';
COMMENT ON COLUMN saved_view.created_at IS 'When the view was saved first.';
COMMENT ON COLUMN saved_view.updated_at IS 'The view''s version: every change advances it, also of its position.';

COMMENT ON TABLE job_event IS 'The change feed: what happened to the jobs in the last week. An event''s position is (turn, id).';
COMMENT ON COLUMN job_event.turn IS 'era × 2^44 + n, where n is above the event''s transaction number and not below the n of any event committed earlier.';
COMMENT ON COLUMN job_event.id IS 'Orders the events of a turn.';
COMMENT ON COLUMN job_event.at IS 'When the event was recorded.';
COMMENT ON COLUMN job_event.type IS 'job.created, job.renamed, job.status_changed, job.updated or job.deleted.';
COMMENT ON COLUMN job_event.job_id IS 'The job; it may have been deleted since.';
COMMENT ON COLUMN job_event.name IS 'The job''s name right after the event.';
COMMENT ON COLUMN job_event.status_type IS 'The job''s current status right after the event.';
COMMENT ON COLUMN job_event.created_at IS 'The job''s created_at.';
COMMENT ON COLUMN job_event.updated_at IS 'The job''s updated_at right after the event.';
COMMENT ON COLUMN job_event.status_id IS 'The entry that a status change added to the history.';
COMMENT ON COLUMN job_event.undoes IS 'The entry that an undo undoes.';
COMMENT ON COLUMN job_event.key IS 'The job''s key right after the event.';
COMMENT ON COLUMN job_event.labels IS 'The job''s labels right after the event.';
COMMENT ON COLUMN job_event.reason IS 'The reason of the entry that a status change added.';
COMMENT ON COLUMN job_event.source IS 'The source of that entry.';
COMMENT ON COLUMN job_event.actor IS 'The id of the user who made the change; null in open mode, and for what the dashboard does by itself.';
COMMENT ON COLUMN job_event.occurred_at IS 'The occurred_at of that entry.';
COMMENT ON COLUMN job_event.operation_id IS 'The operation that made the change, whatever it was.';

COMMENT ON TABLE job_feed IS 'One row: the lower end of the change feed.';
COMMENT ON COLUMN job_feed.low_turn IS 'The turn of the last deleted event: all events above (low_turn, low_id) are kept.';
COMMENT ON COLUMN job_feed.low_id IS 'The id of the last deleted event.';
COMMENT ON INDEX job_feed_is_one_row IS 'Keeps the table from having more than one row.';

COMMENT ON TABLE job_feed_era IS 'The eras of the feed. One begins with each start of the server, after a crash, and after a restore.';
COMMENT ON COLUMN job_feed_era.era IS 'Numbered from 1.';
COMMENT ON COLUMN job_feed_era.mark IS 'A random text that is part of each cursor returned in the era: a database that was restored to an earlier state does not know it.';
COMMENT ON COLUMN job_feed_era.began_at IS 'When the era began.';
COMMENT ON INDEX job_feed_era_mark_key IS 'The era of a cursor.';

COMMENT ON TABLE job_feed_given IS 'How far the cursors returned in each era go. Not a column of job_feed_era: readers update it several times a second, and the row of an era must stay as it was written.';
COMMENT ON COLUMN job_feed_given.era IS 'The era.';
COMMENT ON COLUMN job_feed_given.turn IS 'No cursor above this turn was returned. Written before any of them is returned.';

COMMENT ON TABLE job_feed_running IS 'One row: the current era. Unlogged, so a crash empties it.';
COMMENT ON COLUMN job_feed_running.era IS 'The era.';
COMMENT ON COLUMN job_feed_running.started IS 'When the server was started.';
COMMENT ON COLUMN job_feed_running.place IS 'The path of this table''s file, which differs in a copy of the database.';
COMMENT ON COLUMN job_feed_running.written_by IS 'The transaction that wrote this row (xmin): it differs in a restored row.';
COMMENT ON COLUMN job_feed_running.era_written_by IS 'The transaction that wrote the row of the era (xmin).';

COMMENT ON VIEW job_counts IS 'The exact number of jobs in each status. A status without delta rows has no row.';
COMMENT ON COLUMN job_counts.status IS 'A value of job.current_status.';
COMMENT ON COLUMN job_counts.n IS 'The number of jobs in the status.';
COMMENT ON COLUMN job_counts.summands IS 'The number of delta rows that were added up; a reader that finds many compacts them.';

COMMENT ON TRIGGER audit_event_no_delete ON audit_event IS 'Keeps the log of the last day.';
COMMENT ON TRIGGER audit_event_no_update ON audit_event IS 'Keeps the log append-only.';
COMMENT ON TRIGGER job_activity_insert ON job_status IS 'Counts new entries of the history.';
COMMENT ON TRIGGER job_activity_truncate ON job_status IS 'Empties the counters together with the history.';
COMMENT ON TRIGGER job_count_insert ON job IS 'Counts new jobs.';
COMMENT ON TRIGGER job_count_update ON job IS 'Counts jobs whose status has changed.';
COMMENT ON TRIGGER job_count_delete ON job IS 'Subtracts deleted jobs.';
COMMENT ON TRIGGER job_count_truncate ON job IS 'Empties the counters together with the jobs.';
COMMENT ON TRIGGER job_event_insert ON job IS 'Appends job.created events.';
COMMENT ON TRIGGER job_event_update ON job IS 'Appends job.renamed, job.status_changed and job.updated events.';
COMMENT ON TRIGGER job_event_delete ON job IS 'Appends job.deleted events.';
COMMENT ON TRIGGER job_event_truncate ON job IS 'Empties the feed together with the jobs.';
COMMENT ON TRIGGER job_trash_truncate ON job IS 'Empties the trash together with the jobs.';
COMMENT ON TRIGGER job_count_restored ON job_count IS 'Skips rows that pg_restore inserts: the triggers on job have counted the restored jobs.';
COMMENT ON TRIGGER job_activity_restored ON job_activity IS 'Skips rows that pg_restore inserts: the triggers on job_status have counted the restored history.';
COMMENT ON TRIGGER job_status_no_update ON job_status IS 'Refuses every UPDATE.';
COMMENT ON TRIGGER job_status_no_delete ON job_status IS 'Refuses every DELETE but the cascade of a deleted job.';
COMMENT ON TRIGGER job_status_no_truncate ON job_status IS 'Refuses a TRUNCATE that leaves the jobs.';

COMMENT ON FUNCTION job_name_key(text) IS 'The key by which a name is searched and sorted: decomposed, case-folded, with one letter for I, i, İ and ı, and composed again.';
