/** Which zone times are shown in: the viewer's own, or UTC. Kept in the browser, and the same in all of its tabs. */
import { canReckon } from "./absolute";
import { writeOwn } from "./own";

const KEY = "time-zone";
const CONTROL = "time-zone";
type Choice = "local" | "utc";

/** What the browser's storage refuses, this page still remembers. */
let unstored: Choice | undefined;

/** A browser may know no zone, or name one that it cannot reckon with (`Etc/Unknown`): then it is UTC. */
export function localZone(): string {
  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return zone && canReckon(zone) ? zone : "UTC";
  } catch {
    return "UTC";
  }
}

export function shownZone(): string {
  return choice() === "utc" ? "UTC" : localZone();
}

function choice(): Choice {
  try {
    return unstored ?? (localStorage.getItem(KEY) === "utc" ? "utc" : "local");
  } catch {
    return "local";
  }
}

function choose(value: Choice): void {
  unstored = undefined;
  try {
    localStorage.setItem(KEY, value);
  } catch {
    unstored = value;
  }
}

function control(): HTMLFieldSetElement | null {
  return document.querySelector<HTMLFieldSetElement>(`fieldset#${CONTROL}`);
}

/** Gives the control life, and the viewer's zone its name. */
export function showChoice(): void {
  const fieldset = control();
  if (!fieldset) return;
  const name = fieldset.querySelector("[data-local-zone]");
  if (name) writeOwn(name, `local time, ${localZone()}`);
  for (const radio of fieldset.querySelectorAll("input")) radio.checked = radio.value === choice();
  fieldset.disabled = false;
}

export function onChoice(changed: () => void): void {
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !control()?.contains(target)) return;
    choose(target.value === "utc" ? "utc" : "local");
    changed();
  });
  addEventListener("storage", ({ key }) => {
    if (key !== KEY && key !== null) return;
    showChoice();
    changed();
  });
}
