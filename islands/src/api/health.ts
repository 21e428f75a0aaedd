import { read } from "./client";
import { ApiError } from "./errors";
import { parseObject } from "./parse";

/** Whether the database accepts no changes at the moment. False if that cannot be found out. */
export async function isReadOnly(signal: AbortSignal): Promise<boolean> {
  try {
    await read("/api/health/", parseObject, signal);
    return false;
  } catch (error) {
    return error instanceof ApiError && error.code === "database_read_only";
  }
}
