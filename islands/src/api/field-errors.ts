import { ApiError } from "./errors";

/** What the error says about these fields, or about all of them; undefined if it says nothing about them. */
export function fieldMessages(error: unknown, ...names: string[]): string | undefined {
  const errors = error instanceof ApiError ? error.errors : [];
  const found = errors.filter(({ field }) => names.length === 0 || names.includes(field));
  return found.length > 0 ? found.map(({ detail }) => detail).join(" ") : undefined;
}
