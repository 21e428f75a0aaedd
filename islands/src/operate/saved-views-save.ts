/** Saves the search that the list shows: as a new view, or in place of that of the view that is shown. */
import { ApiError, errorMessage, isNotFound } from "../api/errors";
import { fieldMessages } from "../api/field-errors";
import { isolate } from "../api/names";
import { changeView, createView, MAX_VIEW_NAME, type SavedView, type ViewRef } from "../api/saved-views";
import { h } from "../dom";
import { openList, refreshList, showList } from "../page/open-list";
import { askForName } from "./ask-for-name";
import { forgetSeen, shownColumns, shownSearch, shownView } from "./saved-views";
import { showToast } from "./toast";

const named = (name: string) => `“${isolate(name)}”`;

/** Asks for a name. Opens synchronously: what is typed next is the name, and no command. */
export function saveView(): boolean {
  const search = shownSearch();
  if (!search) {
    showToast({ text: "This search cannot be saved as it is. Correct it first." });
    return true;
  }
  const first = h("input", { type: "checkbox" });
  const list = document.querySelector("#job-table .printed h1")?.textContent ?? "";
  const hint = h("p", { class: "hint" }, "Saves ", h("bdi", {}, list), ", with its order, page size and columns.");
  const label = h("label", { class: "check" }, first, " Make default");
  const save = async (name: string) => {
    const view = await createView({ ...search, name, columns: shownColumns(), is_default: first.checked });
    openList(addressOf(view));
    showToast({ text: `Saved view ${named(name)}.` });
  };
  askForName({ title: "Save as a view", before: [hint], after: [label], maxLength: MAX_VIEW_NAME, save, reasonOf });
  return true;
}

/** The list as it is now, within the view. */
function addressOf({ id, columns }: SavedView): string {
  const { searchParams: query } = new URL(location.href);
  for (const name of ["cursor", "columns"]) query.delete(name);
  query.set("view", id);
  if (columns.length > 0) query.set("columns", columns.join());
  if (query.size === 1) query.set("ordering", "-created_at");
  return address(query);
}

export const address = (query: URLSearchParams) => `/?${`${query}`.replaceAll("%2C", ",").replaceAll("%3A", ":")}`;

export function updateView(): boolean {
  const view = shownView();
  const search = shownSearch();
  if (!view) return saveView();
  if (search) void tryTo(`save view ${named(view.name)}`, view, search, `Saved changes to view ${named(view.name)}.`);
  return true;
}

/** Changes the view, shows the list again, and reports the result. */
export async function tryTo(
  what: string,
  view: ViewRef,
  values: Parameters<typeof changeView>[1],
  done: string,
): Promise<void> {
  try {
    await changeView(view, values);
    showAgain();
    showToast({ text: done });
  } catch (error) {
    reportFailure(what, error);
  }
}

export function reportFailure(what: string, error: unknown): void {
  showToast({ text: `Couldn’t ${what}. ${reasonOf(error)}`, sticky: true, topic: "views" });
  if (error instanceof ApiError && (error.status === 404 || error.status === 412)) showAgain();
}

export function reasonOf(error: unknown): string {
  if (isNotFound(error)) return "It was deleted.";
  if (error instanceof ApiError && error.status === 412)
    return "Someone else changed it. Its tab is up to date now: try again to overwrite their change, or save yours as a new view.";
  return fieldMessages(error) ?? errorMessage(error);
}

/** The list with the tabs as they are now. */
export function showAgain(url?: string): void {
  forgetSeen();
  if (url === undefined) refreshList();
  else showList(url, "replace");
}
