/** How the page looks to this person. A cookie, so that the server's first byte has it already: nothing flashes. */
const YEAR_S = 31_536_000;

function onChange({ target }: Event): void {
  if (!(target instanceof HTMLInputElement) || !target.closest("#view-menu")) return;
  document.documentElement.setAttribute(`data-${target.name}`, target.value);
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is missing where the page is served without TLS
  document.cookie = `${target.name}=${target.value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

export function wireView(): void {
  document.addEventListener("change", onChange);
}
