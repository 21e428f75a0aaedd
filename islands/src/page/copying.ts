/**
 * Copies texts, and wires the buttons that copy a text of the page. If the browser denies access to the clipboard, such
 * a text is selected instead.
 */
import { announce } from "./announcer";

const CONFIRMED_MS = 4000;
const confirmed = new WeakMap<Element, ReturnType<typeof setTimeout>>();

async function copy(button: HTMLElement): Promise<void> {
  const source = document.getElementById(button.dataset["copy"] ?? "");
  if (!source) return;
  const copied = (await toClipboard(source.textContent ?? "")) || copySelected(source);
  confirm(button, copied ? "Copied" : "Selected");
  announce("copy", copied ? `Copied ${source.textContent}` : "Text selected. Press Ctrl+C or ⌘C to copy.");
}

/** Returns false if there is no clipboard, as on pages without HTTPS, or access to it is denied. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns false if the browser does not allow it. Without access to the clipboard, copies a field that it removes. */
export async function copyText(text: string): Promise<boolean> {
  if (await toClipboard(text)) return true;
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = copySelection();
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}

function copySelected(source: Element): boolean {
  getSelection()?.selectAllChildren(source);
  return copySelection();
}

function copySelection(): boolean {
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
