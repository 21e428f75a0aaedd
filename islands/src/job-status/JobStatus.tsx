import { useRef } from "react";
import { isolate } from "../api/names";
import { isStatusType, STATUS_TYPES, STATUSES } from "../api/statuses";
import type { Job, Snapshot } from "../api/types";
import { StatusError } from "./StatusError";
import { useStatus } from "./useStatus";

export interface JobStatusProps {
  id: string;
  name: string;
  server: Snapshot;
  /** Deleted by another client: the select is disabled. */
  deleted?: boolean;
  onConfirmed: (job: Job) => void;
}

/** A job's status as a dropdown. It stays enabled and focused while busy; a choice made then is sent next. */
export function JobStatus({ id, name, server, deleted = false, onConfirmed }: JobStatusProps) {
  const { shown, busy, failure, choose } = useStatus(id, server, onConfirmed);
  const select = useRef<HTMLSelectElement>(null);

  return (
    <>
      <span className="status" data-status={shown} data-busy={busy ? "" : undefined}>
        <svg className="icon" aria-hidden="true">
          <use href={`#${STATUSES[shown].icon}`} />
        </svg>
        <select
          ref={select}
          className="status-select"
          aria-label={`Status of ${isolate(name)}`}
          aria-busy={busy}
          disabled={deleted}
          value={shown}
          onChange={({ target }) => isStatusType(target.value) && choose(target.value)}
        >
          {STATUS_TYPES.map((status) => (
            <option key={status} value={status}>
              {STATUSES[status].label}
            </option>
          ))}
        </select>
      </span>
      {failure && (
        <StatusError
          failure={failure}
          onRetry={(status) => {
            select.current?.focus();
            void choose(status);
          }}
        />
      )}
    </>
  );
}
