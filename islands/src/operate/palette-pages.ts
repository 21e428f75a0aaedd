/** The pages of the dashboard as palette items. */
import type { PaletteItem } from "./palette-item";

const PAGES: readonly (readonly [label: string, url: string])[] = [
  ["Jobs", "/"],
  ["Changes", "/activity/"],
  ["Operations", "/operations/"],
  ["Trash", "/trash/"],
  ["API reference", "/api/docs/"],
];

/** Not the one that is shown. */
export function palettePages(): PaletteItem[] {
  return PAGES.filter(([, url]) => url !== location.pathname).map(([label, url]) => ({
    key: `page ${url}`,
    group: "Go to",
    label,
    words: "page",
    run: () => location.assign(url),
  }));
}
