/**
 * The foot of the window: the server's banner, below it toast and selection bar. They stand one above the other, so that
 * none hides another. Made again where history took it.
 */
import { h } from "./dom";

const ORDER = ["toast", "selection-bar"];

export function inDock<Element extends HTMLElement>(name: string, make: () => Element): Element {
  let dock = document.getElementById("dock");
  if (!dock) {
    dock = h("div", { id: "dock", class: "dock" });
    document.body.append(dock);
  }
  if (!dock.querySelector("[data-slot]")) dock.append(...ORDER.map((slot) => h("div", { "data-slot": slot })));
  const slot = dock.querySelector(`[data-slot="${name}"]`);
  if (!slot?.firstElementChild) slot?.append(make());
  return slot?.firstElementChild as Element;
}
