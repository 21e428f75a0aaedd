/** The foot of the window, where toast and selection bar stand one above the other. Made again where history took it. */
import { h } from "./dom";

const ORDER = ["toast", "selection-bar"];

export function inDock<Element extends HTMLElement>(name: string, make: () => Element): Element {
  let dock = document.getElementById("dock");
  if (!dock) {
    dock = h("div", { id: "dock", class: "dock" }, ...ORDER.map((slot) => h("div", { "data-slot": slot })));
    document.body.append(dock);
  }
  const slot = dock.querySelector(`[data-slot="${name}"]`);
  if (!slot?.firstElementChild) slot?.append(make());
  return slot?.firstElementChild as Element;
}
