import type { StatusType } from "./types";

interface StatusFacts {
  label: string;
  /** The name of the icon in the page's sprite. */
  icon: string;
  /** The letter that sets the status; after `g`, it opens the list of that status. */
  key: string;
}

/** The facts of each status, in lifecycle order. A status that is missing or not in the schema is a type error. */
export const STATUSES = {
  PENDING: { label: "Pending", icon: "status-PENDING", key: "p" },
  RUNNING: { label: "Running", icon: "status-RUNNING", key: "r" },
  COMPLETED: { label: "Completed", icon: "status-COMPLETED", key: "c" },
  FAILED: { label: "Failed", icon: "status-FAILED", key: "f" },
} as const satisfies Record<StatusType, StatusFacts>;

export const STATUS_TYPES = Object.keys(STATUSES) as StatusType[];

export function isStatusType(value: unknown): value is StatusType {
  return typeof value === "string" && Object.hasOwn(STATUSES, value);
}
