import type { StatusType } from "../api/types";

/** A confirmed status, and the job's `updated_at` at that time: ISO 8601 as in the API, or "" if unknown. */
export interface Confirmed {
  status: StatusType;
  updatedAt: string;
}

/** The newer of two confirmed states: a page fetched before a change can arrive after it. */
export function newest(server: Confirmed, response: Confirmed | undefined): Confirmed {
  const stale = response !== undefined && server.updatedAt !== "" && server.updatedAt < response.updatedAt;
  return stale ? response : server;
}
