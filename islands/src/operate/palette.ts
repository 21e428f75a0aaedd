/** One field for everything: commands on what is selected, places to go, and jobs by name or id. */
import { sentence } from "../api/errors";
import { isComposing } from "../keys/composing";
import { h } from "./dom";
import { offersFor } from "./offers";
import { offerJobs } from "./palette-jobs";
import { List } from "./palette-list";

const SETTLE_MS = 150;

export function open(): void {
  if (document.querySelector("dialog.palette")) return;
  const palette = make();
  document.body.append(palette);
  palette.showModal();
}

function make(): HTMLDialogElement {
  const input = h("input", {
    class: "input",
    role: "combobox",
    "aria-label": "Find a job, or act",
    "aria-autocomplete": "list",
    "aria-controls": "palette-list",
    placeholder: "A job’s name or id, or what to do",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "255",
  });
  const palette = h("dialog", { class: "dialog palette", "aria-label": "Find a job, or act" });
  const list = new List(input, (offer) => {
    palette.close();
    offer.run();
  });
  palette.append(input, list.element, list.note);
  follow(input, list, palette);
  return palette;
}

/** Shows what can be done at once, and the jobs when they have been found. A newer question ends the one before. */
function follow(input: HTMLInputElement, list: List, palette: HTMLDialogElement): void {
  let asked = new AbortController();
  let settled: ReturnType<typeof setTimeout> | undefined;

  async function ask(text: string, { signal }: AbortController): Promise<void> {
    try {
      const jobs = await offerJobs(text, signal);
      if (!signal.aborted) list.show([...offersFor(text), ...jobs], "");
    } catch (error) {
      if (!signal.aborted) list.show(offersFor(text), `Jobs could not be searched. ${sentence(error)}`);
    }
  }

  function onInput(): void {
    asked.abort();
    clearTimeout(settled);
    const text = input.value.trim();
    asked = new AbortController();
    const controller = asked;
    list.show(offersFor(text), text === "" ? "" : "Searching…", text !== "");
    list.toTop();
    if (text !== "") settled = setTimeout(() => void ask(text, controller), SETTLE_MS);
  }

  input.addEventListener("input", onInput);
  input.addEventListener("keydown", (event) => list.onKey(event));
  palette.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      palette.close();
    }
  });
  palette.addEventListener("click", ({ target }) => {
    if (target === palette) palette.close();
  });
  palette.addEventListener("close", () => {
    asked.abort();
    clearTimeout(settled);
    palette.remove();
  });
  onInput();
}
