/**
 * A page that Back brings out of the browser's cache shows what was true when it was left. It is fetched anew;
 * `no-store` does not keep every browser from such a cache.
 */
export function wireRestored(reload: () => void = () => location.reload()): void {
  addEventListener("pageshow", (event) => {
    if (event.persisted) reload();
  });
}
