-- The exact number of jobs in each status, in any snapshot: the sums of the delta rows (docs/decisions/0006).

CREATE OR REPLACE VIEW job_counts AS
SELECT status, sum(n)::bigint AS n, count(*) AS summands FROM job_count GROUP BY status;
