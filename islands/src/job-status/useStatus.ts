import { useRef, useState } from "react";
import { setStatus } from "../api/client";
import { ApiError, isNotFound, isOutcomeUnknown, jobErrorMessage } from "../api/errors";
import type { Job, Snapshot, StatusType } from "../api/types";
import { emit } from "../events";
import { newest } from "./newest";

export interface Failure {
  message: string;
  /** The status to retry; undefined if a retry is pointless. */
  retry: StatusType | undefined;
  /** The job's last known `updated_at` when it failed. */
  since: string;
}

/** The confirmed and the requested status, and the last failure. One request at a time; the last choice wins. */
export function useStatus(id: string, name: string, server: Snapshot, onConfirmed: (job: Job) => void) {
  const [requested, setRequested] = useState<StatusType>();
  const [failure, setFailure] = useState<Failure>();
  const [response, setResponse] = useState<Snapshot>();
  const queued = useRef<StatusType>(undefined);
  const sending = useRef(false);
  const confirmed = newest(server, response);
  const known = useRef(confirmed);
  known.current = confirmed;

  async function choose(status: StatusType): Promise<void> {
    queued.current = status;
    setRequested(status);
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
    setRequested(undefined);
  }

  async function send(status: StatusType): Promise<Failure | undefined> {
    try {
      const job = await setStatus(id, status, known.current);
      confirm(job);
      emit("job:status-changed", { job });
      return undefined;
    } catch (error) {
      if (error instanceof ApiError && error.currentJob) confirm(error.currentJob);
      if (isOutcomeUnknown(error)) emit("job:status-unknown", { id, name });
      const retry = isNotFound(error) ? undefined : status;
      return { message: jobErrorMessage(error), retry, since: known.current.updatedAt };
    }
  }

  function confirm(job: Job): void {
    const state = { status: job.current_status, updatedAt: job.updated_at };
    known.current = newest(known.current, state);
    setResponse(known.current);
    onConfirmed(job);
  }

  // The change whose outcome was unknown turned out to have been made.
  const isMoot = failure?.retry === confirmed.status && failure.since < confirmed.updatedAt;
  return {
    shown: requested ?? confirmed.status,
    busy: requested !== undefined,
    failure: isMoot ? undefined : failure,
    choose,
  };
}
