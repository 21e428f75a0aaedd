/** The saved views that the page lists as tabs, and the keys that open them. */
import { listViews, type NewView, type ViewRef } from "../api/saved-views";
import { isListPage } from "../dom";
import { setLabels } from "../keys/labels";
import { onHtmx } from "../page/htmx-events";
import { holdsTable } from "../page/table";
import { session } from "../storage";
import { expectList } from "./arrival";
import { showHint } from "./hints";

/** The names in the order of the tabs, for the hints on pages without tabs. */
const STORAGE_KEY = "job-dashboard:views";

const bar = () => document.querySelector<HTMLElement>("#saved-views");

export function viewTabs(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("#saved-views a[data-view]")];
}

export function viewName(tab: Element): string {
  return tab.querySelector("bdi")?.textContent ?? "";
}

/** The view that is shown, modified or not. */
export function shownView(): (ViewRef & { position: number; isDefault: boolean; isShared: boolean }) | undefined {
  const shown = bar()?.dataset ?? {};
  const { view: id, name = "", version = "", position } = shown;
  if (id === undefined) return undefined;
  return { id, name, version, position: Number(position), isDefault: "default" in shown, isShared: "shared" in shown };
}

/** What the list shows, to be saved; undefined if there is no list, or its search is invalid. */
export function shownSearch(): Omit<NewView, "name"> | undefined {
  const { search } = bar()?.dataset ?? {};
  return search ? JSON.parse(search) : undefined;
}

/** The columns that the View menu shows, in order; none if they are the default ones. */
export function shownColumns(): NonNullable<NewView["columns"]> {
  const items = [...document.querySelectorAll<HTMLElement>("#view-menu .columns li")];
  const names = items
    .filter((item) => item.querySelector("input")?.checked)
    .map((item) => item.dataset["column"] ?? "");
  return names.join() === bar()?.dataset["columns"] ? [] : (names as NonNullable<NewView["columns"]>);
}

const positionOf = (id: string) => Number(/^go-view-(\d)$/.exec(id)?.[1]);

/** `go-view-3` opens the third view. A page without tabs asks for their order. */
export function openView(id: string): boolean {
  const position = positionOf(id);
  const tab = viewTabs()[position - 1];
  if (tab) {
    expectList();
    tab.click();
  } else if (isListPage()) reportNone(position);
  else
    void listViews().then(
      (views) => {
        const view = views[position - 1];
        if (view) location.assign(`/?view=${view.id}`);
        else reportNone(position);
      },
      () => showHint("Couldn’t open the view: the server did not respond."),
    );
  return true;
}

function reportNone(position: number): void {
  showHint(`There is no saved view ${position}.`);
}

/** All jobs, outside of any view. Returns false if the page has no tabs of views. */
export function leaveViews(): boolean {
  const link = document.querySelector<HTMLAnchorElement>("#saved-views a[data-all-jobs]");
  if (!link) return false;
  expectList();
  link.click();
  return true;
}

function names(): string[] {
  if (isListPage()) return viewTabs().map(viewName);
  const stored = session.readJson(STORAGE_KEY);
  return Array.isArray(stored) ? stored.filter((name) => typeof name === "string") : [];
}

/** What the bar said of the view before its search was modified. Only this version may be replaced. */
let seen: DOMStringMap = {};

/** The user has been told of the version that the page shows next. */
export function forgetSeen(): void {
  seen = {};
}

function onList(): void {
  session.writeJson(STORAGE_KEY, names());
  const tab = document.querySelector("#saved-views a[data-shown]");
  const shown = bar()?.dataset ?? {};
  if (shown["view"] && shown["view"] === seen["view"] && !tab?.ariaCurrent) shown["version"] = seen["version"];
  else seen = { ...shown };
  reveal(tab);
}

/** Sideways only: the page stays where it is. */
function reveal(tab: Element | null): void {
  const strip = tab?.parentElement;
  if (!tab || !strip) return;
  const [place, room] = [tab.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += Math.max(0, place.right - room.right) || Math.min(0, place.left - room.left);
}

export function wireSavedViews(): void {
  setLabels((id) => (positionOf(id) ? (names()[positionOf(id) - 1] ?? "") : undefined));
  if (!isListPage()) return;
  onList();
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (holdsTable(ctx.target)) onList();
  });
}
