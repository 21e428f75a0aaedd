/** The selection bar: the number of selected jobs, and the commands for them. */
import { STATUS_TYPES, STATUSES } from "../api/statuses";
import { h, icon, isListPage, isReadOnly, jobRows } from "../dom";
import { onBindings } from "../keys/bindings";
import type { CommandId } from "../keys/keymap";
import { onHtmx } from "../page/htmx-events";
import { jobCount } from "../page/job-count";
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
  const set = { class: "statuses", role: "group", "aria-label": "Set status" };
  const keys = { "aria-hidden": "true", "data-keys-of": "change-all" };
  const changes = (...elements: HTMLElement[]) => (isReadOnly() ? [] : elements);
  return h(
    "section",
    { class: "selection-bar", "aria-label": "Selection", hidden: true },
    h("p", {}, h("b"), " ", h("small")),
    ...changes(h("a", { class: "button quiet" }), h("div", set, ...statuses)),
    button("compare", "Compare", "Compare the selected jobs"),
    ...changes(h("a", { class: "button quiet" }, "Change…", h("kbd", keys))),
    button("export-csv", "Export", "Export selected jobs as CSV"),
    ...changes(button("delete", "Delete", "Delete selected jobs")),
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
  const [whole, chosen] = bar.querySelectorAll("a");
  if (whole && chosen) {
    whole.hidden = !all || count < jobRows().length || elsewhere > 0;
    whole.href = all?.href ?? "";
    whole.textContent = all?.textContent ?? "";
    const ids = selectedJobs().map(({ id }) => id);
    chosen.href = `/operations/new/${all?.search ? `${all.search}&` : "?"}ids=${ids}`;
    chosen.ariaLabel = `Change the ${jobCount(count)} selected`;
  }
  const compare = bar.querySelector<HTMLElement>("[data-run=compare]");
  if (compare) compare.hidden = count !== 2;
  const hadFocus = bar.contains(document.activeElement);
  bar.hidden = count === 0 || !isListPage();
  // For the styles: a selector that looks for the bar in the page would be checked at each change of anything hidden.
  document.documentElement.toggleAttribute("data-selecting", !bar.hidden);
  if (hadFocus && bar.hidden) focusCursor();
  showKeysIn(bar);
}

export function wireBar(): void {
  showBar();
  onSelection(showBar);
  onBindings(showBar);
  onHtmx("htmx:after:swap", showBar);
}
