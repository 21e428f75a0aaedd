/**
 * The page's own controls as palette items, which click them. A template offers a control, or all those in an element,
 * by `data-commands`, the name of their group in the palette; `data-command` overrides the label of a control.
 */
import { announce } from "../page/announcer";
import type { PaletteItem } from "./palette-item";

const CONTROLS = "a[href], button, input[type=radio], input[type=checkbox]";
/** They would do nothing: what they set is set, or they are disabled or hidden. */
const IDLE =
  ":disabled, :checked:not([type=checkbox]), [aria-disabled=true], [aria-current], [hidden] *, [hidden], [data-read-only] :is([data-change-all], [data-view-action]:not([data-view-action=link]))";
const SIGNS = /[←→↑↓×]/gu;

interface Control {
  element: HTMLElement;
  group: string;
  label: string;
}

export function paletteControls(): PaletteItem[] {
  return controls().map(({ group, label }) => ({
    key: `control ${group} ${label}`,
    group,
    label,
    // Found again by its label: it may have been replaced since the palette was opened.
    run: () => click(controls().find((other) => other.group === group && other.label === label)),
  }));
}

function click(control: Control | undefined): void {
  control?.element.click();
  // Unlike links and buttons, they say nothing of what they have changed.
  if (control?.element instanceof HTMLInputElement) announce("palette", control.label);
}

function controls(): Control[] {
  return [...document.querySelectorAll<HTMLElement>("[data-commands]")].flatMap((place) => {
    const group = place.dataset["commands"] ?? "";
    const elements = place.matches(CONTROLS) ? [place] : [...place.querySelectorAll<HTMLElement>(CONTROLS)];
    return elements
      .filter((element) => !element.matches(IDLE))
      .map((element) => ({ element, group, label: labelOf(element, group) }));
  });
}

/** `Theme: Dark`, `Columns: hide Created`, `Export as CSV`, `Chart: Day`. */
function labelOf(element: HTMLElement, group: string): string {
  const own = element.dataset["command"] ?? element.getAttribute("aria-label");
  if (own) return own;
  const text = textOf(element.closest("label") ?? element);
  const legend = textOf(element.closest("fieldset")?.querySelector("legend"));
  const verb = element instanceof HTMLInputElement && element.type === "checkbox" ? verbFor(element) : "";
  return `${legend || group}: ${verb}${text}`;
}

function verbFor({ checked }: HTMLInputElement): string {
  return checked ? "hide " : "show ";
}

function textOf(element: Element | null | undefined): string {
  return (element?.textContent ?? "").replace(SIGNS, "").replace(/\s+/g, " ").trim();
}
