/**
 * Reloads a page that the browser restores from its back/forward cache, since it shows outdated data. Not every browser
 * keeps `no-store` pages out of that cache.
 */
export function wireRestored(reload: () => void = () => location.reload()): void {
  addEventListener("pageshow", (event) => {
    if (event.persisted) reload();
  });
}
