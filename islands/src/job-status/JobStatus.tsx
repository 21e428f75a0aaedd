import { useRef } from "react";
import { isStatusType, STATUS_TYPES, statusLabel } from "../api/statuses";
import type { Job } from "../api/types";
import type { Confirmed } from "./confirmed";
import { StatusError } from "./StatusError";
import { useStatus } from "./useStatus";

export interface JobStatusProps {
  id: number;
  name: string;
  server: Confirmed;
  onConfirmed: (job: Job) => void;
}

/** A job's status as a dropdown. It is never disabled, so the focus stays; a choice made while busy is sent next. */
export function JobStatus({ id, name, server, onConfirmed }: JobStatusProps) {
  const { shown, busy, failure, choose } = useStatus(id, server, onConfirmed);
  const select = useRef<HTMLSelectElement>(null);

  return (
    <>
      <span className="status" data-status={shown} data-busy={busy ? "" : undefined}>
        <svg className="icon" aria-hidden="true">
          <use href={`#status-${shown}`} />
        </svg>
        <select
          ref={select}
          className="status-select"
          aria-label={`Status of ${name}`}
          aria-busy={busy}
          value={shown}
          onChange={({ target }) => isStatusType(target.value) && choose(target.value)}
        >
          {STATUS_TYPES.map((status) => (
            <option key={status} value={status}>
              {statusLabel(status)}
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
