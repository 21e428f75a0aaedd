-- The exact number of jobs in each status, in any snapshot: the sums of the delta rows (docs/decisions/0006).

CREATE OR REPLACE VIEW job_counts AS
SELECT status, sum(n)::bigint AS n, count(*) AS summands FROM job_count GROUP BY status;
COMMENT ON VIEW job_counts IS 'The exact number of jobs in each status. A status without delta rows has no row.';
COMMENT ON COLUMN job_counts.status IS 'A value of job.current_status.';
COMMENT ON COLUMN job_counts.n IS 'The number of jobs in the status.';
COMMENT ON COLUMN job_counts.summands IS 'The number of delta rows that were added up; a reader that finds many compacts them.';
