import { useRef, useState } from "react";
import { setStatus } from "../api/client";
import { ApiError, sentence } from "../api/errors";
import type { Job, StatusType } from "../api/types";
import { emit } from "../events";
import { type Confirmed, newest } from "./confirmed";

export interface Failure {
  sentence: string;
  /** What to ask for again; undefined when asking again is pointless. */
  again: StatusType | undefined;
  /** The job's `updated_at` as it was known then. */
  since: string;
}

/** The confirmed status, the one being asked for, and why the last asking failed. Asks one at a time; the last choice wins. */
export function useStatus(id: string, server: Confirmed, onConfirmed: (job: Job) => void) {
  const [wanted, setWanted] = useState<StatusType>();
  const [failure, setFailure] = useState<Failure>();
  const [answer, setAnswer] = useState<Confirmed>();
  const queued = useRef<StatusType>(undefined);
  const sending = useRef(false);
  const confirmed = newest(server, answer);
  const known = useRef(confirmed);
  known.current = confirmed;

  async function choose(status: StatusType): Promise<void> {
    queued.current = status;
    setWanted(status);
    setFailure(undefined);
    if (sending.current) return;
    sending.current = true;
    let failed: Failure | undefined;
    while (queued.current !== undefined) {
      const next = queued.current;
      queued.current = undefined;
      failed = await send(next);
    }
    sending.current = false;
    setFailure(failed);
    setWanted(undefined);
  }

  async function send(status: StatusType): Promise<Failure | undefined> {
    try {
      const job = await setStatus(id, status, known.current);
      confirm(job);
      emit("job:status-changed", { job });
      return undefined;
    } catch (error) {
      if (error instanceof ApiError && error.now) confirm(error.now);
      if (error instanceof ApiError && error.status === 404) {
        return { sentence: "This job was deleted.", again: undefined, since: "" };
      }
      return { sentence: sentence(error), again: status, since: known.current.updatedAt };
    }
  }

  function confirm(job: Job): void {
    const now = { status: job.current_status, updatedAt: job.updated_at };
    known.current = newest(known.current, now);
    setAnswer(known.current);
    onConfirmed(job);
  }

  // What was left open has been seen to be done.
  const isMoot = failure?.again === confirmed.status && failure.since < confirmed.updatedAt;
  return {
    shown: wanted ?? confirmed.status,
    busy: wanted !== undefined,
    failure: isMoot ? undefined : failure,
    choose,
  };
}
