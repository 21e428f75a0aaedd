/** The display settings. Stored in cookies, so that the server renders the page with them and nothing flashes. */
const YEAR_S = 31_536_000;

function onChange({ target }: Event): void {
  if (!(target instanceof HTMLInputElement) || !target.closest("#view-menu")) return;
  document.documentElement.setAttribute(`data-${target.name}`, target.value);
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing on pages served without TLS
  document.cookie = `${target.name}=${target.value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

export function wireDisplaySettings(): void {
  document.addEventListener("change", onChange);
}
