-- Moves jobs with their histories out of the trash again, with the ids that they had (docs/decisions/0047).
--
-- A restored job gets a new version, as by any change. Its entries are not counted in job_activity a second time:
-- job_activity_track looks at a setting, which ends with the transaction if this function fails. Rows are inserted in the
-- order of the keys, so that two sessions that insert the same keys wait for each other in one direction only. For the
-- settings of the plans, see job_delete.

CREATE OR REPLACE FUNCTION job_restore(wanted bigint[]) RETURNS TABLE (job_id bigint, outcome text)
LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT SET plan_cache_mode TO force_generic_plan SET enable_seqscan TO off AS $$
#variable_conflict use_column
DECLARE
    locked bigint[];
    restored bigint[];
BEGIN
    -- Waits for whoever is restoring or emptying the same rows. Later statements have newer snapshots, with jobs that were
    -- deleted meanwhile: they are not locked, and left alone.
    locked := ARRAY(SELECT id FROM trashed_job WHERE id = ANY (wanted) ORDER BY id FOR UPDATE);
    PERFORM set_config('job_status.is_restored', 'on', true);
    WITH back AS (
        INSERT INTO job (id, name, current_status, created_at, updated_at, key, labels)
        SELECT id, name, current_status, created_at,
            greatest(clock_timestamp(), updated_at + interval '1 microsecond'), key, labels
        FROM unnest(locked) AS own (id) JOIN trashed_job USING (id) ORDER BY key, id
        ON CONFLICT DO NOTHING
        RETURNING id
    ), history AS (
        INSERT INTO job_status (
            id, job_id, status_type, "timestamp", undoes, reason, source, actor, occurred_at, operation_id
        )
        SELECT entry.id, entry.job_id, status_type, "timestamp", undoes, reason, source, actor, occurred_at, operation_id
        FROM back JOIN trashed_status AS entry ON entry.job_id = back.id ORDER BY entry.id
    ), emptied AS (
        DELETE FROM trashed_job USING back WHERE trashed_job.id = back.id
    ), emptied_history AS (
        DELETE FROM trashed_status USING back WHERE trashed_status.job_id = back.id
    )
    SELECT array_agg(id) INTO restored FROM back;
    PERFORM set_config('job_status.is_restored', '', true);
    RETURN QUERY
    SELECT each.id, CASE
        WHEN back.id IS NOT NULL THEN ''
        WHEN EXISTS (SELECT FROM job WHERE job.id = each.id) THEN 'job_exists'
        WHEN EXISTS (SELECT FROM trashed_job WHERE trashed_job.id = each.id) THEN 'key_taken'
        ELSE 'not_in_trash'
    END
    FROM unnest(wanted) WITH ORDINALITY AS each (id, place)
    LEFT JOIN unnest(restored) AS back (id) ON back.id = each.id
    ORDER BY each.place;
END $$;
COMMENT ON FUNCTION job_restore(bigint[]) IS 'Moves jobs out of the trash, with their ids and histories. Returns for each id why it was not restored: job_exists, key_taken (by another job) or not_in_trash; or an empty text.';
