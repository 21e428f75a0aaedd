/** Saves the search that the list shows: as a new view, or in place of that of the view that is shown. */
import htmx from "htmx.org";
import { ApiError, errorMessage, isNotFound } from "../api/errors";
import { isolate, nameError } from "../api/names";
import { changeView, createView, MAX_VIEW_NAME, type SavedView, type ViewRef } from "../api/saved-views";
import { isComposing } from "../composing";
import { h } from "../dom";
import { setBusy, setError } from "../page/confirm-dialog";
import { openList } from "../page/open-list";
import { beginAgain, shownColumns, shownSearch, shownView } from "./saved-views";
import { showToast } from "./toast";

const FIELD_ID = "view-name";
const ERROR_ID = "view-error";
const TITLE_ID = "view-title";

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
  askForName("Save as a view", "", [hint], [label], async (name) => {
    const view = await createView({ ...search, name, columns: shownColumns(), is_default: first.checked });
    openList(addressOf(view));
    showToast({ text: `Saved view ${named(name)}.` });
  });
  return true;
}

/** The list as it is now, within the view. */
function addressOf({ id, columns }: SavedView): string {
  const { searchParams: query } = new URL(location.href);
  for (const name of ["cursor", "columns"]) query.delete(name);
  query.set("view", id);
  if (columns.length > 0) query.set("columns", columns.join());
  if (query.size === 1) query.set("ordering", "-created_at");
  return `/?${query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}

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
    return "It was changed meanwhile. The tabs are up to date now: try again to overwrite that, or save yours as new.";
  const fields = error instanceof ApiError ? error.errors.map(({ detail }) => detail) : [];
  return fields.length > 0 ? fields.join(" ") : errorMessage(error);
}

/** The list with the tabs as they are now. */
export function showAgain(url = location.pathname + location.search): void {
  beginAgain();
  void htmx.ajax("GET", url, { target: "#job-table", swap: "outerMorph", replace: "true" });
}

/** A dialog with a field for the name. `save` throws what went wrong, which the dialog shows. */
export function askForName(
  title: string,
  name: string,
  before: HTMLElement[],
  after: HTMLElement[],
  save: (name: string) => Promise<void>,
): void {
  const focused = document.activeElement;
  const field = h("input", {
    id: FIELD_ID,
    class: "input",
    autocomplete: "off",
    "aria-describedby": ERROR_ID,
    translate: "no",
    dir: "auto",
  });
  field.value = name;
  const cancel = h("button", { type: "button", class: "button" }, "Cancel");
  const submit = h("button", { type: "submit", class: "button primary", "data-confirm": true }, "Save");
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": TITLE_ID },
    h(
      "form",
      { method: "dialog", novalidate: true },
      h("h2", { id: TITLE_ID }, title),
      ...before,
      h("label", { for: FIELD_ID }, "Name"),
      field,
      h("p", { id: ERROR_ID, class: "field-error", role: "alert", hidden: true }),
      ...after,
      h("menu", {}, h("li", {}, cancel), h("li", {}, submit)),
    ),
  );
  const fail = (text: string) => {
    field.setAttribute("aria-invalid", "true");
    setError(dialog, text);
    field.focus();
  };
  cancel.addEventListener("click", () => dialog.close());
  field.addEventListener("input", () => {
    field.removeAttribute("aria-invalid");
    setError(dialog, "");
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isComposing(event)) event.preventDefault();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (dialog.ariaBusy === "true") return;
    const text = field.value.trim();
    const invalid = nameError(text, MAX_VIEW_NAME);
    if (invalid !== undefined) {
      fail(invalid);
      return;
    }
    setBusy(dialog, true);
    save(text)
      .then(
        () => dialog.close(),
        (error: unknown) => fail(reasonOf(error)),
      )
      .finally(() => setBusy(dialog, false));
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (focused instanceof HTMLElement) focused.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  field.select();
}
