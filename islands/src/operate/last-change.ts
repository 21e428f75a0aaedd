/** The last status change made in this tab, as far as taking it back needs it. */
import { isId } from "../api/exact";
import type { Job } from "../api/types";
import type { Named } from "./rows";
import { readStored, writeStored } from "./stored";

const STORED_AS = "last-change";

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
  writeStored(STORED_AS, jobs);
}

export function lastChange(): Changed[] {
  const stored = readStored(STORED_AS);
  return Array.isArray(stored) ? stored.filter(isChanged) : [];
}
