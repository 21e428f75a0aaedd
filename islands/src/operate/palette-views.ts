/** The saved views as palette items. Their other commands are those of the menu of the view that is shown. */

import { keysOf } from "../keys/bindings";
import { isCommandId } from "../keys/keymap";
import { keysText } from "../keys/strokes";
import { openList } from "../page/open-list";
import { expectList } from "./arrival";
import type { PaletteItem } from "./palette-item";
import { viewName, viewTabs } from "./saved-views";

/** Not the one that is shown as it was saved. */
export function paletteViews(): PaletteItem[] {
  return viewTabs().flatMap((tab, index) => {
    if (tab.hasAttribute("aria-current")) return [];
    const id = `go-view-${index + 1}`;
    const [keys] = isCommandId(id) ? keysOf(id) : [];
    const name = viewName(tab);
    return {
      key: `view ${tab.dataset["view"]}`,
      group: "Saved views",
      label: "Open view",
      text: name,
      words: name,
      ...(keys && { keys: keysText(keys) }),
      run: () => {
        expectList();
        openList(tab.getAttribute("hx-get") ?? tab.href);
      },
    };
  });
}
