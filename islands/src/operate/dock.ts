/**
 * The dock at the bottom of the window stacks the server-rendered banner, hints, the toast and the selection bar, so that
 * none covers another. It is recreated if history navigation removed it.
 */
import { h } from "../dom";

const ORDER = ["hint", "toast", "selection-bar"];

export function inDock<Element extends HTMLElement>(name: string, create: () => Element): Element {
  let dock = document.getElementById("dock");
  if (!dock) {
    dock = h("div", { id: "dock", class: "dock" });
    document.body.append(dock);
  }
  if (!dock.querySelector("[data-slot]")) dock.append(...ORDER.map((slot) => h("div", { "data-slot": slot })));
  const slot = dock.querySelector(`[data-slot="${name}"]`);
  if (!slot?.firstElementChild) slot?.append(create());
  return slot?.firstElementChild as Element;
}
