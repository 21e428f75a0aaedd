import { useEffect, useRef, useState } from "react";
import { createJob } from "../api/client";
import { errorMessage, isOutcomeUnknown } from "../api/errors";
import { fieldMessages } from "../api/field-errors";
import { nameError } from "../api/names";
import type { Job } from "../api/types";
import { emit, onEvent } from "../events";

/** `name`: of the job that could not be created, if the server was asked. */
type Outcome = { error: string; name?: string } | { created: Job; isElsewhere?: boolean } | Record<string, never>;

/**
 * Creates one job at a time. `create` returns the job, or undefined if it failed; `error` then says why. `isElsewhere`:
 * the list does not show the created job.
 */
export function useCreateJob() {
  const [outcome, setOutcome] = useState<Outcome>({});
  const [busy, setBusy] = useState(false);
  const sending = useRef(false);

  useEffect(
    () =>
      onEvent("job:not-in-list", ({ id }) =>
        setOutcome((now) =>
          "created" in now && String(now.created.id) === id ? { created: now.created, isElsewhere: true } : now,
        ),
      ),
    [],
  );

  async function create(typed: string): Promise<Job | undefined> {
    if (sending.current) return undefined;
    const name = typed.trim();
    const error = nameError(name);
    if (error) {
      setOutcome({ error });
      return undefined;
    }
    sending.current = true;
    setBusy(true);
    setOutcome({});
    try {
      const created = await createJob(name);
      setOutcome({ created });
      emit("job:created", { job: created });
      return created;
    } catch (failure) {
      setOutcome({ error: nameErrors(failure), name });
      if (isOutcomeUnknown(failure)) emit("jobs:outcome-unknown", {});
      return undefined;
    } finally {
      sending.current = false;
      setBusy(false);
    }
  }

  return {
    busy,
    create,
    error: "error" in outcome ? outcome.error : undefined,
    failedName: "error" in outcome ? outcome.name : undefined,
    created: "created" in outcome ? outcome.created : undefined,
    isElsewhere: "created" in outcome && outcome.isElsewhere === true,
    dismiss: () => setOutcome({}),
  };
}

const nameErrors = (failure: unknown) => fieldMessages(failure, "name") ?? errorMessage(failure);
