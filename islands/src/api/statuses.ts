import type { StatusType } from "./types";

/** The statuses of the schema; a missing or extra one is a type error. */
const LABELS = {
  PENDING: "Pending",
  RUNNING: "Running",
  COMPLETED: "Completed",
  FAILED: "Failed",
} as const satisfies Record<StatusType, string>;

/** All statuses, in lifecycle order. */
export const STATUS_TYPES = Object.keys(LABELS) as StatusType[];

export function statusLabel(status: StatusType): string {
  return LABELS[status];
}

export function isStatusType(value: unknown): value is StatusType {
  return typeof value === "string" && Object.hasOwn(LABELS, value);
}
