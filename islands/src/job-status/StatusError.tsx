import type { StatusType } from "../api/types";
import type { Failure } from "./useStatus";

interface StatusErrorProps {
  failure: Failure;
  onRetry: (status: StatusType) => void;
}

/** Next to the status: why it was not changed. */
export function StatusError({ failure: { message, retry }, onRetry }: StatusErrorProps) {
  return (
    <span className="status-error" role="alert">
      <span>{message}</span>
      {retry !== undefined && (
        <button type="button" className="button quiet" onClick={() => onRetry(retry)}>
          Retry
        </button>
      )}
    </span>
  );
}
