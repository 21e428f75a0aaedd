-- What the tables of operations are for. Apart from comments.sql, so that neither file is run for the other's sake.

COMMENT ON TABLE operation IS 'Operations: one change of many jobs, made in batches by a worker. Each batch moves the cursor and the numbers of its row in the statement that changes the jobs.';
COMMENT ON COLUMN operation.id IS 'Also in job_status.operation_id.';
COMMENT ON COLUMN operation.action IS 'What is done to each job.';
COMMENT ON COLUMN operation.parameters IS 'The values of the action.';
COMMENT ON COLUMN operation.q IS 'The search that selects jobs, as text.';
COMMENT ON COLUMN operation.tz IS 'The time zone of the days in q; null for UTC.';
COMMENT ON COLUMN operation.statuses IS 'The statuses that are selected besides q; null for all.';
COMMENT ON COLUMN operation.ids IS 'The selected jobs, instead of a search.';
COMMENT ON COLUMN operation.everything IS 'Whether all jobs are selected.';
COMMENT ON COLUMN operation.excluded IS 'Jobs that are not selected.';
COMMENT ON COLUMN operation.undoes IS 'The operation whose changes this one takes back. Not a foreign key: either can be forgotten first.';
COMMENT ON COLUMN operation.retries IS 'The operation whose failed jobs this one tries again.';
COMMENT ON COLUMN operation.upto IS 'The highest id of a job when the operation was created: later jobs are not selected.';
COMMENT ON COLUMN operation.moment IS 'When the operation was created: jobs that changed later are left alone, and times in q are relative to it.';
COMMENT ON COLUMN operation.last_id IS 'The cursor: jobs up to this id are done with.';
COMMENT ON COLUMN operation.total IS 'The number of selected jobs.';
COMMENT ON COLUMN operation.total_relation IS 'Whether total is exact, or a lower bound (at_least).';
COMMENT ON COLUMN operation.done IS 'The number of changed jobs.';
COMMENT ON COLUMN operation.skipped IS 'The number of selected jobs that were left alone: changed since, deleted, or with nothing to change.';
COMMENT ON COLUMN operation.failed IS 'The number of jobs that could not be changed: operation_failure has the reasons.';
COMMENT ON COLUMN operation.state IS 'pending, running, completed, cancelled or failed.';
COMMENT ON COLUMN operation.error IS 'Why the whole operation failed.';
COMMENT ON COLUMN operation.reason IS 'Why it was started; each entry that it appends to a history has this reason.';
COMMENT ON COLUMN operation.source IS 'By what it was started.';
COMMENT ON COLUMN operation.actor IS 'By whom it was started; null as long as there are no users.';
COMMENT ON COLUMN operation.created_at IS 'When it was created.';
COMMENT ON COLUMN operation.started_at IS 'When a worker began.';
COMMENT ON COLUMN operation.progress_at IS 'When the last batch ended: by it, a lost operation is found.';
COMMENT ON COLUMN operation.finished_at IS 'When it was completed, was cancelled, or failed.';
COMMENT ON INDEX operation_by_state IS 'The list of one state, and the unfinished ones.';
COMMENT ON INDEX operation_by_finish IS 'Deletion of old operations, oldest first.';
COMMENT ON INDEX operation_by_undoes IS 'The operation that undoes another one.';

COMMENT ON TABLE operation_failure IS 'The jobs that an operation could not change, and those that an undo left alone.';
COMMENT ON COLUMN operation_failure.operation_id IS 'The operation.';
COMMENT ON COLUMN operation_failure.job_id IS 'The job, which may have been deleted since.';
COMMENT ON COLUMN operation_failure.code IS 'The reason, for programs.';
COMMENT ON COLUMN operation_failure.detail IS 'The reason, for people.';

COMMENT ON TABLE operation_before IS 'The values that an operation has replaced, and by which: its undo restores them where the job still has the new ones.';
COMMENT ON COLUMN operation_before.operation_id IS 'The operation.';
COMMENT ON COLUMN operation_before.job_id IS 'The job.';
COMMENT ON COLUMN operation_before.name IS 'The name before; null if it was not changed.';
COMMENT ON COLUMN operation_before.new_name IS 'The name after.';
COMMENT ON COLUMN operation_before.labels IS 'The labels before; null if they were not changed.';
COMMENT ON COLUMN operation_before.new_labels IS 'The labels after.';
