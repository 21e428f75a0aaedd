/** What the menu of the view that is shown offers: rename, move, make default, copy its link, delete. */

import { isNotFound } from "../api/errors";
import { isolate } from "../api/names";
import { changeView, deleteView, MAX_VIEW_NAME } from "../api/saved-views";
import { h } from "../dom";
import { openModal } from "../modal";
import { setBusy, setError } from "../page/confirm-dialog";
import { copyText } from "../page/copying";
import { askForName } from "./ask-for-name";
import { showHint } from "./hints";
import { shownView } from "./saved-views";
import { address, reasonOf, showAgain, tryTo } from "./saved-views-save";
import { showToast } from "./toast";

type View = NonNullable<ReturnType<typeof shownView>>;

const ACTIONS: Record<string, (view: View, name: string) => void> = {
  rename,
  default: makeDefault,
  left: (view, name) => move(view, name, -1),
  right: (view, name) => move(view, name, 1),
  share,
  link: copyLink,
  delete: askToDelete,
};

function rename(view: View): void {
  const save = async (to: string) => {
    if (to === view.name) return;
    await changeView(view, { name: to });
    showAgain();
    showToast({ text: `Renamed view “${isolate(view.name)}” to “${isolate(to)}”.` });
  };
  askForName({ title: "Rename view", name: view.name, maxLength: MAX_VIEW_NAME, save, reasonOf });
}

function makeDefault(view: View, name: string): void {
  const done = view.isDefault ? "No view is the default." : `View ${name} is the default.`;
  void tryTo(`change the default`, view, { is_default: !view.isDefault }, done);
}

function move(view: View, name: string, by: 1 | -1): void {
  const position = view.position + by;
  void tryTo(`move view ${name}`, view, { position }, `View ${name} is number ${position}.`);
}

function share(view: View, name: string): void {
  const done = view.isShared ? "yours alone" : "shared with everybody";
  void tryTo(`change view ${name}`, view, { is_shared: !view.isShared }, `View ${name} is ${done}.`);
}

async function copyLink({ id }: View, name: string): Promise<void> {
  const link = `${location.origin}/?view=${id}`;
  if (await copyText(link)) showToast({ text: `Copied the link to view ${name}.` });
  else showToast({ text: `Couldn’t copy. The link is ${link}`, sticky: true });
}

function askToDelete(view: View, name: string): void {
  const cancel = h("button", { value: "cancel", class: "button" }, "Cancel");
  const confirm = h(
    "button",
    { type: "submit", value: "delete", class: "button danger", "data-confirm": true },
    "Delete view",
  );
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "asked-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "asked-title" }, "Delete view?"),
      h(
        "p",
        {},
        h("strong", {}, h("bdi", { translate: "no" }, view.name)),
        ` will be deleted${view.isShared ? " for everybody" : ""}. No jobs are affected. This cannot be undone.`,
      ),
      h("p", { class: "field-error", role: "alert", hidden: true }),
      h("menu", {}, h("li", {}, cancel), h("li", {}, confirm)),
    ),
  );
  dialog.addEventListener("submit", (event) => {
    if (event.submitter !== confirm) return;
    event.preventDefault();
    if (dialog.ariaBusy === "true") return;
    setBusy(dialog, true);
    deleteView(view)
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      })
      .then(
        () => {
          dialog.close();
          showAgain(addressWithoutView());
          showToast({ text: `Deleted view ${name}.` });
        },
        (error: unknown) => {
          setBusy(dialog, false);
          setError(dialog, reasonOf(error));
        },
      );
  });
  openModal(dialog);
  cancel.focus();
}

/** The list stays as it is. */
function addressWithoutView(): string {
  const { searchParams: query } = new URL(location.href);
  query.delete("view");
  if (query.size === 0) query.set("view", "all");
  return address(query);
}

export function runViewAction(action: string): void {
  const view = shownView();
  const run = ACTIONS[action];
  document.querySelector<HTMLElement>("#saved-view-menu")?.hidePopover?.();
  if (view && run) run(view, `“${isolate(view.name)}”`);
  else showHint("This view was deleted.");
}
