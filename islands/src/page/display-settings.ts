/** The display settings. Stored in cookies, so that the server renders the page with them and nothing flashes. */

import { setCookie } from "../storage";
import { wireColumns } from "./columns";

function onChange({ target }: Event): void {
  if (!(target instanceof HTMLInputElement) || target.type !== "radio" || !target.closest("#view-menu")) return;
  document.documentElement.setAttribute(`data-${target.name}`, target.value);
  setCookie(target.name, target.value);
}

export function wireDisplaySettings(): void {
  document.addEventListener("change", onChange);
  wireColumns();
}
