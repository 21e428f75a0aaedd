/** The command palette: runs commands on the selection, navigates, and finds jobs by name or id. */
import { errorMessage } from "../api/errors";
import { isComposing } from "../composing";
import { h } from "../dom";
import type { Run } from "../keys/listen";
import { paletteCommands } from "./palette-commands";
import { searchPaletteJobs } from "./palette-jobs";
import { List } from "./palette-list";

const DEBOUNCE_MS = 150;

/** `run` runs a chosen command. */
export function openPalette(run: Run): void {
  if (document.querySelector("dialog.palette")) return;
  const palette = createPalette(run);
  document.body.append(palette);
  palette.showModal();
}

function createPalette(run: Run): HTMLDialogElement {
  const input = h("input", {
    class: "input",
    role: "combobox",
    "aria-label": "Search jobs or run a command",
    "aria-autocomplete": "list",
    "aria-controls": "palette-list",
    placeholder: "Search jobs or type a command",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "255",
  });
  const palette = h("dialog", { class: "dialog palette", "aria-label": "Search jobs or run a command" });
  const list = new List(input, (item) => {
    palette.close();
    item.run();
  });
  palette.append(input, list.element, list.note);
  wire(input, list, palette, run);
  return palette;
}

/** Shows matching commands immediately and matching jobs once they are found. Typing aborts the previous search. */
function wire(input: HTMLInputElement, list: List, palette: HTMLDialogElement, run: Run): void {
  let search = new AbortController();
  let debounce: ReturnType<typeof setTimeout> | undefined;

  async function findJobs(text: string, { signal }: AbortController): Promise<void> {
    try {
      const jobs = await searchPaletteJobs(text, signal);
      if (!signal.aborted) list.show([...paletteCommands(text, run), ...jobs], "");
    } catch (error) {
      if (!signal.aborted) list.show(paletteCommands(text, run), `Couldn’t search jobs. ${errorMessage(error)}`);
    }
  }

  function onInput(): void {
    search.abort();
    clearTimeout(debounce);
    const text = input.value.trim();
    search = new AbortController();
    const controller = search;
    list.show(paletteCommands(text, run), text === "" ? "" : "Searching…", text !== "");
    list.toTop();
    if (text !== "") debounce = setTimeout(() => void findJobs(text, controller), DEBOUNCE_MS);
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
    search.abort();
    clearTimeout(debounce);
    palette.remove();
  });
  onInput();
}
