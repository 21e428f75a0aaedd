/** Values kept for this tab in sessionStorage. Reads as null if it is missing, invalid or unavailable. */
export function readStored(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(`job-dashboard:${key}`) ?? "null");
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(`job-dashboard:${key}`, JSON.stringify(value));
  } catch {
    // full or unavailable
  }
}
