/** Buttons that copy a text of the page. Where the browser keeps the clipboard to itself, the text is selected instead. */
import { announce } from "./announcer";

const CONFIRMED_MS = 4000;
const confirmed = new WeakMap<Element, ReturnType<typeof setTimeout>>();

async function copy(button: HTMLElement): Promise<void> {
  const source = document.getElementById(button.dataset["copy"] ?? "");
  if (!source) return;
  const copied = (await toClipboard(source.textContent ?? "")) || selectAndCopy(source);
  confirm(button, copied ? "Copied" : "Selected");
  announce("copy", copied ? `Copied ${source.textContent}` : "Selected. Press Control or Command and C to copy.");
}

/** Answers false where there is no clipboard (a page without HTTPS has none) or it is not allowed. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function selectAndCopy(source: Element): boolean {
  getSelection()?.selectAllChildren(source);
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

function confirm(button: HTMLElement, word: string): void {
  const label = button.dataset["label"] ?? button.textContent ?? "";
  button.dataset["label"] = label;
  button.textContent = word;
  clearTimeout(confirmed.get(button));
  const restore = () => {
    button.textContent = label;
    delete button.dataset["label"];
  };
  confirmed.set(button, setTimeout(restore, CONFIRMED_MS));
}

function onClick({ target }: Event): void {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-copy]") : null;
  if (button) void copy(button);
}

export function wireCopying(): void {
  document.addEventListener("click", onClick);
}
