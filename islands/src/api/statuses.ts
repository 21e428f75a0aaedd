import type { StatusType } from "./types";

/** Exactly the states of the schema: a missing or an extra one does not compile. */
const LABELS = {
  PENDING: "Pending",
  RUNNING: "Running",
  COMPLETED: "Completed",
  FAILED: "Failed",
} as const satisfies Record<StatusType, string>;

/** All states, in the order a job usually passes them. */
export const STATUS_TYPES = Object.keys(LABELS) as StatusType[];

export function statusLabel(status: StatusType): string {
  return LABELS[status];
}

export function isStatusType(value: unknown): value is StatusType {
  return typeof value === "string" && Object.hasOwn(LABELS, value);
}
