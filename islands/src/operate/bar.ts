/** The selection bar: the number of selected jobs, and the commands for them. */
import { STATUS_TYPES, STATUSES } from "../api/statuses";
import { h, icon, isListPage, isReadOnly, jobRows } from "../dom";
import { onBindings } from "../keys/bindings";
import type { CommandId } from "../keys/keymap";
import { onHtmx } from "../page/htmx-events";
import { jobsElsewhere } from "./ask-first";
import { focusCursor } from "./cursor";
import { inDock } from "./dock";
import { showKeysIn } from "./key-hints";
import { onSelection, selectedCount, selectedJobs } from "./selection";

function button(id: CommandId, label: string, name: string, iconName?: string): HTMLElement {
  const hint = h("kbd", { "aria-hidden": "true", "data-keys-of": id });
  const image = iconName ? [icon(iconName)] : [];
  const attributes = { type: "button", class: "button quiet", "data-run": id, "aria-label": name };
  return h("button", attributes, ...image, h("span", {}, label), hint);
}

function createBar(): HTMLElement {
  const statuses = STATUS_TYPES.map((status) => {
    const { label, icon: iconName } = STATUSES[status];
    const element = button(`set-${status}`, label, `Set selected jobs to ${label}`, iconName);
    element.dataset["status"] = status;
    return element;
  });
  return h(
    "section",
    { class: "selection-bar", "aria-label": "Selection", hidden: true },
    h("p", {}, h("b"), " ", h("small")),
    h("a", { class: "button quiet" }, h("span"), h("kbd", { "aria-hidden": "true", "data-keys-of": "change-all" })),
    ...(isReadOnly() ? [] : [h("div", { class: "statuses", role: "group", "aria-label": "Set status" }, ...statuses)]),
    button("compare", "Compare", "Compare the selected jobs"),
    button("export-csv", "Export", "Export selected jobs as CSV"),
    ...(isReadOnly() ? [] : [button("delete", "Delete", "Delete selected jobs")]),
    button("clear", "Clear", "Clear selection"),
  );
}

function showBar(): void {
  const bar = inDock("selection-bar", createBar);
  const count = selectedCount();
  const elsewhere = jobsElsewhere(selectedJobs()).length;
  const [number, note] = [bar.querySelector("b"), bar.querySelector("small")];
  if (number) number.textContent = `${count} selected`;
  if (note) note.textContent = elsewhere > 0 ? `· ${elsewhere} on other pages` : "";
  bar.toggleAttribute("data-elsewhere", elsewhere > 0);
  const all = document.querySelector<HTMLAnchorElement>("[data-change-all]");
  const link = bar.querySelector("a");
  if (link && all) {
    link.hidden = count < jobRows().length || elsewhere > 0;
    link.href = all.href;
    link.querySelector("span")?.replaceChildren(all.textContent);
  }
  const compare = bar.querySelector<HTMLElement>("[data-run=compare]");
  if (compare) compare.hidden = count !== 2;
  const hadFocus = bar.contains(document.activeElement);
  bar.hidden = count === 0 || !isListPage();
  if (hadFocus && bar.hidden) focusCursor();
  showKeysIn(bar);
}

export function wireBar(): void {
  showBar();
  onSelection(showBar);
  onBindings(showBar);
  onHtmx("htmx:after:swap", showBar);
}
