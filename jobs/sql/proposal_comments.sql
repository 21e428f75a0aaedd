-- What the table of proposals is for.

COMMENT ON TABLE proposal IS 'Proposals: changes of many jobs that somebody asks for. A person approves one, and it becomes an operation, or declines it.';
COMMENT ON COLUMN proposal.id IS 'The number of the proposal.';
COMMENT ON COLUMN proposal.action IS 'What is to be done to each job.';
COMMENT ON COLUMN proposal.parameters IS 'The values of the action.';
COMMENT ON COLUMN proposal.q IS 'The search that selects jobs, as text.';
COMMENT ON COLUMN proposal.tz IS 'The time zone of the days in q; null for UTC.';
COMMENT ON COLUMN proposal.statuses IS 'The statuses that are selected besides q; null for all.';
COMMENT ON COLUMN proposal.ids IS 'The selected jobs, instead of a search.';
COMMENT ON COLUMN proposal.everything IS 'Whether all jobs are selected.';
COMMENT ON COLUMN proposal.excluded IS 'Jobs that are not selected.';
COMMENT ON COLUMN proposal.reason IS 'Why it was proposed; the reason of the operation.';
COMMENT ON COLUMN proposal.proposer IS 'The user in whose name it was proposed; null in open mode.';
COMMENT ON COLUMN proposal.token_id IS 'The token that proposed it; null in open mode. Not a foreign key, as the user is not one.';
COMMENT ON COLUMN proposal.total IS 'The number of selected jobs when it was proposed. An approval selects anew.';
COMMENT ON COLUMN proposal.total_relation IS 'Whether total is exact, or a lower bound (at_least).';
COMMENT ON COLUMN proposal.created_at IS 'When it was proposed.';
COMMENT ON COLUMN proposal.expires_at IS 'From then on it can neither be approved nor declined.';
COMMENT ON COLUMN proposal.state IS 'open, approved or declined. One that is open has expired at expires_at.';
COMMENT ON COLUMN proposal.decided_at IS 'When a person approved or declined it.';
COMMENT ON COLUMN proposal.decided_by IS 'The user who did; null in open mode.';
COMMENT ON COLUMN proposal.decision_reason IS 'Why it was declined.';
COMMENT ON COLUMN proposal.operation_id IS 'The operation that it became. Not a foreign key: either can be forgotten first.';
COMMENT ON INDEX proposal_open IS 'The open proposals, by when they expire.';
COMMENT ON INDEX proposal_of_operation IS 'The proposal of an operation.';
