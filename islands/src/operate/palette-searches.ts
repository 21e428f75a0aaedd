/** Searches as palette items. They replace the whole query of the list. */
import { openList } from "../page/open-list";
import { rememberSearch } from "../page/recent";
import { expectList } from "./arrival";
import type { PaletteItem } from "./palette-item";

/** A field with a value, a word to leave out, a quoted text, or alternatives. */
const GRAMMAR = /(^|\s)-?[a-z][a-z_]*:\S|(^|\s)-[\p{L}\p{N}"]|"|\sOR\s/iu;

/** Whether the text looks like a search of the list rather than like a part of a name. */
export function looksLikeSearch(text: string): boolean {
  return GRAMMAR.test(text);
}

export function searchItem(text: string, group = "Search", label = "Search for"): PaletteItem {
  return { key: `search ${text}`, group, label, text, run: () => search(text) };
}

function search(text: string): void {
  rememberSearch(text);
  expectList();
  openList(`/?${new URLSearchParams({ q: text })}`);
}
