import type { StatusType } from "../api/types";

/** A status the server has confirmed, and the job's `updated_at` then: ISO 8601 as the API writes it, or "" when not known. */
export interface Confirmed {
  status: StatusType;
  updatedAt: string;
}

/** A page fetched before a change may arrive after it: of two confirmed states the newer one is shown. */
export function newest(server: Confirmed, answer: Confirmed | undefined): Confirmed {
  const stale = answer !== undefined && server.updatedAt !== "" && server.updatedAt < answer.updatedAt;
  return stale ? answer : server;
}
