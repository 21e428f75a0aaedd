/** What is watched, each with a button that ends it. */
import { h } from "../dom";
import { keysOf } from "../keys/bindings";
import { keysText } from "../keys/strokes";
import { openModal } from "../modal";
import { readWatched, type Watched } from "../watch/store";

/** `note`: how it is told. */
export function openWatched(note: string, change: (part: Partial<Watched>) => void): void {
  const list = h("ul", { class: "watched" });
  const done = h("button", { type: "button", class: "button" }, "Close");
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "asked-title" },
    h("h2", { id: "asked-title" }, "Watched jobs and lists"),
    list,
    h("p", {}, note),
    h("menu", {}, h("li", {}, done)),
  );
  const show = () => list.replaceChildren(...items(change, refresh));
  const refresh = () => {
    show();
    (list.querySelector("button") ?? done).focus();
  };
  show();
  done.addEventListener("click", () => dialog.close());
  openModal(dialog);
}

function items(change: (part: Partial<Watched>) => void, done: () => void): HTMLElement[] {
  const { jobs, views } = readWatched();
  const without = (part: () => Partial<Watched>) => () => {
    change(part());
    done();
  };
  const all = [
    ...jobs.map(({ id, name }) =>
      item(
        `/jobs/${id}/`,
        name,
        id,
        without(() => ({ jobs: readWatched().jobs.filter((job) => job.id !== id) })),
      ),
    ),
    ...views.map(({ query, label }) =>
      item(
        `/${query && `?${query}`}`,
        label,
        "list",
        without(() => ({ views: readWatched().views.filter((view) => view.query !== query) })),
      ),
    ),
  ];
  return all.length > 0 ? all : [h("li", {}, nothing())];
}

function item(href: string, label: string, note: string, remove: () => void): HTMLElement {
  const name = h("bdi", { translate: "no" }, label);
  const button = h(
    "button",
    { type: "button", class: "button quiet", "aria-label": `Stop watching ${label}` },
    "Remove",
  );
  button.addEventListener("click", remove);
  return h("li", {}, h("a", { href }, name), " ", h("small", {}, note), button);
}

function nothing(): string {
  const [keys] = keysOf("watch");
  return `Nothing is watched.${keys ? ` ${keysText(keys).toUpperCase()} watches a job until it completes or fails.` : ""}`;
}
