/** What the dialog needs only once a deletion is confirmed. */
import { deleteJob } from "../api/client";
import { errorMessage, isNotFound } from "../api/errors";

/** Deletes the job; returns the error message, if any. A job that is already gone counts as deleted. */
export async function deletionError(id: string): Promise<string | undefined> {
  try {
    await deleteJob(id);
    return undefined;
  } catch (error) {
    return isNotFound(error) ? undefined : errorMessage(error);
  }
}
