import type { Snapshot } from "../api/types";

/** The newer of two confirmed states: a page fetched before a change can arrive after it. */
export function newest(server: Snapshot, response: Snapshot | undefined): Snapshot {
  const stale = response !== undefined && server.updatedAt !== "" && server.updatedAt < response.updatedAt;
  return stale ? response : server;
}
