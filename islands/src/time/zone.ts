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

/** Zones that ICU, and so most browsers, still report by the name that the time zone database has replaced. */
const RENAMED: Readonly<Record<string, string>> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Catamarca": "America/Argentina/Catamarca",
  "America/Coral_Harbour": "America/Atikokan",
  "America/Cordoba": "America/Argentina/Cordoba",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Jujuy": "America/Argentina/Jujuy",
  "America/Louisville": "America/Kentucky/Louisville",
  "America/Mendoza": "America/Argentina/Mendoza",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};
/** Other names of UTC. */
const UTC_NAMES = new Set([
  "UTC",
  "Etc/UTC",
  "Etc/UCT",
  "Etc/Universal",
  "Etc/Zulu",
  "Etc/GMT",
  "GMT",
  "Etc/Greenwich",
]);

/** By its current name. UTC if the browser reports no zone, or one that it does not support (`Etc/Unknown`). */
export function localZone(): string {
  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || UTC_NAMES.has(zone) || !isSupportedZone(zone)) return "UTC";
    const renamed = RENAMED[zone];
    return renamed && isSupportedZone(renamed) ? renamed : zone;
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

/** Enables the control and labels it with the name of the user's zone; where that is UTC, there is nothing to choose. */
export function showChoice(): void {
  const fieldset = control();
  if (!fieldset) return;
  const name = fieldset.querySelector("[data-local-zone]");
  if (name) setText(name, `Local (${localZone()})`);
  for (const radio of fieldset.querySelectorAll("input")) radio.checked = radio.value === choice();
  fieldset.disabled = false;
  fieldset.hidden = localZone() === "UTC";
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
