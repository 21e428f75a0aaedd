/** What this tab remembers across its pages. A browser that stores nothing remembers until the page is left. */
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
    // full, or switched off
  }
}
