-- What the tables of the audit are for, and who did what elsewhere.

COMMENT ON TABLE audit_event IS 'The log of logins, accounts and refused tokens. Append-only: entries go when they are older than AUDIT_DAYS.';
COMMENT ON COLUMN audit_event.id IS 'Tells entries of the same moment apart.';
COMMENT ON COLUMN audit_event.at IS 'When it happened.';
COMMENT ON COLUMN audit_event.kind IS 'What happened: a value of Kind.';
COMMENT ON COLUMN audit_event.actor IS 'The id of the user who did it; null if nobody was logged in, and for the command line.';
COMMENT ON COLUMN audit_event.user_id IS 'The id of the user whose account it is about; null if there is none with the name.';
COMMENT ON COLUMN audit_event.who IS 'The actor, or else the user: by it, the log of a user is found.';
COMMENT ON COLUMN audit_event.name IS 'The name of that user then, or the one that was entered.';
COMMENT ON COLUMN audit_event.address IS 'From where; null for the command line and for a Unix socket.';
COMMENT ON COLUMN audit_event.detail IS 'By which factor, which role, or why.';
COMMENT ON INDEX audit_event_by_time IS 'The log, newest first, and its trimming.';
COMMENT ON INDEX audit_event_by_who IS 'The log of a user.';
COMMENT ON INDEX audit_event_by_kind IS 'The log of one kind; how much has been logged in the last minute.';

COMMENT ON TABLE audit_dropped IS 'How many entries of a minute were not logged, because there were too many.';
COMMENT ON COLUMN audit_dropped.at IS 'The beginning of the minute.';
COMMENT ON COLUMN audit_dropped.kind IS 'As in audit_event.';
COMMENT ON COLUMN audit_dropped.number IS 'How many were not logged.';
COMMENT ON COLUMN audit_dropped.id IS 'As in audit_event.';

COMMENT ON INDEX api_token_event_by_time IS 'The audit, newest first, and its trimming.';
COMMENT ON INDEX api_token_event_by_who IS 'The audit of a user.';
COMMENT ON INDEX api_token_event_by_kind IS 'The audit of one kind.';
COMMENT ON INDEX operation_by_creation IS 'The audit, newest first.';
COMMENT ON INDEX operation_by_actor IS 'The audit of a user.';
COMMENT ON INDEX operation_by_cancellation IS 'The audit: canceled operations.';
COMMENT ON INDEX trashed_job_by_deletion_of_users IS 'The audit: deletions by users, apart from operations.';
COMMENT ON INDEX trashed_job_by_actor IS 'The audit: deletions by a user.';
COMMENT ON INDEX job_status_by_actor IS 'The audit: status changes by a user, apart from operations and imports.';
COMMENT ON COLUMN trashed_job.actor IS 'The id of the user who deleted the job; null in open mode, and for what the dashboard does by itself.';
COMMENT ON COLUMN operation.cancelled_by IS 'The id of the user who canceled it.';
