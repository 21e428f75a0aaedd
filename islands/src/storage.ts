const YEAR_S = 31_536_000;

/** The browser's storage. It may be unavailable, full, or hold anything, so reads check and nothing throws. */
class SafeStorage {
  constructor(private readonly area: () => Storage) {}

  /** Null if there is no value, or the storage is unavailable. */
  read(key: string): string | null {
    try {
      return this.area().getItem(key);
    } catch {
      return null;
    }
  }

  /** Null removes the value. Returns false if the value could not be stored. */
  write(key: string, value: string | null): boolean {
    try {
      if (value === null) this.area().removeItem(key);
      else this.area().setItem(key, value);
      return true;
    } catch {
      return false;
    }
  }

  /** Null if there is no value, it is not JSON, or the storage is unavailable. */
  readJson(key: string): unknown {
    try {
      return JSON.parse(this.read(key) ?? "null");
    } catch {
      return null;
    }
  }

  writeJson(key: string, value: unknown): boolean {
    return this.write(key, JSON.stringify(value));
  }
}

/** Shared by all tabs, and kept after the browser is closed. */
export const local = new SafeStorage(() => localStorage);
/** For this tab only. */
export const session = new SafeStorage(() => sessionStorage);

export const readCookie = (name: string) => new RegExp(`(?:^|; )${name}=([^;]+)`).exec(document.cookie)?.[1];

/** For the server, which renders the next page with it. The value consists of characters that a cookie may contain. */
export function setCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing on pages served without TLS
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}
