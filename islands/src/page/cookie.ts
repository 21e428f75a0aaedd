/** Stores a display setting for the server, which renders the next page with it. */
const YEAR_S = 31_536_000;

export function setCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing on pages served without TLS
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}
