/** The last status change made in this tab, for undo. */
import { isId } from "../api/exact";
import type { Job } from "../api/types";
import { session } from "../storage";
import type { JobRef } from "./rows";

const STORAGE_KEY = "job-dashboard:last-change";

/** A changed job, and its `updated_at` after the change. */
export interface ChangedJob extends JobRef {
  updatedAt: string;
}

export function asChangedJob({ id, name, updated_at }: Job): ChangedJob {
  return { id, name, updatedAt: updated_at };
}

function isChangedJob(value: unknown): value is ChangedJob {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, updatedAt } = value as Record<string, unknown>;
  return isId(id) && typeof name === "string" && typeof updatedAt === "string";
}

export function rememberChange(jobs: readonly ChangedJob[]): void {
  session.writeJson(STORAGE_KEY, jobs);
}

export function lastChange(): ChangedJob[] {
  const stored = session.readJson(STORAGE_KEY);
  return Array.isArray(stored) ? stored.filter(isChangedJob) : [];
}
