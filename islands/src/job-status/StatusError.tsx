import type { StatusType } from "../api/types";
import type { Failure } from "./useStatus";

interface StatusErrorProps {
  failure: Failure;
  onRetry: (status: StatusType) => void;
}

/** Why the status is what it was before, beside it. */
export function StatusError({ failure: { sentence, again }, onRetry }: StatusErrorProps) {
  return (
    <span className="status-error" role="alert">
      <span>{sentence}</span>
      {again !== undefined && (
        <button type="button" className="button quiet" onClick={() => onRetry(again)}>
          Retry
        </button>
      )}
    </span>
  );
}
