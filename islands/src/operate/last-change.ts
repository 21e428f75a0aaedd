/** The last status change made in this tab, for undo. */
import { isId } from "../api/exact";
import type { Job } from "../api/types";
import { session } from "../storage";
import type { Named } from "./rows";

const STORAGE_KEY = "job-dashboard:last-change";

/** A changed job, and its `updated_at` after the change. */
export interface Changed extends Named {
  updatedAt: string;
}

export function asChanged({ id, name, updated_at }: Job): Changed {
  return { id, name, updatedAt: updated_at };
}

function isChanged(value: unknown): value is Changed {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, updatedAt } = value as Record<string, unknown>;
  return isId(id) && typeof name === "string" && typeof updatedAt === "string";
}

export function rememberChange(jobs: readonly Changed[]): void {
  session.writeJson(STORAGE_KEY, jobs);
}

export function lastChange(): Changed[] {
  const stored = session.readJson(STORAGE_KEY);
  return Array.isArray(stored) ? stored.filter(isChanged) : [];
}
