/** The time zone in which times are shown: the user's own, or UTC. Stored in the browser for all of its tabs. */
import { local } from "../storage";
import { isSupportedZone } from "./absolute";
import { setText } from "./managed-text";
import { listInZone, tellServer } from "./search-zone";

const STORAGE_KEY = "time-zone";
const CONTROL = "time-zone";
type Choice = "local" | "utc";

/** The choice for this page if it could not be stored. */
let unstored: Choice | undefined;

/** UTC if the browser reports no zone, or one that it does not support (`Etc/Unknown`). */
export function localZone(): string {
  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return zone && isSupportedZone(zone) ? zone : "UTC";
  } catch {
    return "UTC";
  }
}

export function shownZone(): string {
  return choice() === "utc" ? "UTC" : localZone();
}

function choice(): Choice {
  return unstored ?? (local.read(STORAGE_KEY) === "utc" ? "utc" : "local");
}

function choose(value: Choice): void {
  unstored = local.write(STORAGE_KEY, value) ? undefined : value;
}

function control(): HTMLFieldSetElement | null {
  return document.querySelector<HTMLFieldSetElement>(`fieldset#${CONTROL}`);
}

/** Enables the control and labels it with the name of the user's zone. */
export function showChoice(): void {
  const fieldset = control();
  if (!fieldset) return;
  const name = fieldset.querySelector("[data-local-zone]");
  if (name) setText(name, `Local (${localZone()})`);
  for (const radio of fieldset.querySelectorAll("input")) radio.checked = radio.value === choice();
  fieldset.disabled = false;
}

export function onChoice(changed: () => void): void {
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !control()?.contains(target)) return;
    choose(target.value === "utc" ? "utc" : "local");
    tellServer(shownZone());
    changed();
    listInZone(shownZone());
  });
  addEventListener("storage", ({ key }) => {
    if (key !== STORAGE_KEY && key !== null) return;
    showChoice();
    changed();
  });
}
