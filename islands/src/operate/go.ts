/** Ways to other lists, pages and jobs: by the page's own links where it has them. */
import { AWAITS_FIELD } from "../keys/listen";
import { beginPage } from "./cursor";
import { isListPage, jobRows } from "./rows";

function follow(selector: string): boolean {
  const link = document.querySelector<HTMLAnchorElement>(selector);
  link?.click();
  return link !== null;
}

/** The tab, which keeps search and order; without tabs, the plain list of that status. */
export function goToStatus(status: string): boolean {
  const tabs = document.querySelectorAll<HTMLAnchorElement>("#status-tabs a");
  const tab = [...tabs].find(
    (link) => (link.querySelector("[data-status]")?.getAttribute("data-status") ?? "ALL") === status,
  );
  if (tab) tab.click();
  else location.assign(status === "ALL" ? "/" : `/?status=${status}`);
  return true;
}

export function goHome(): boolean {
  location.assign("/");
  return true;
}

export function goToPage(which: "next" | "previous"): boolean {
  const link = document.querySelector<HTMLAnchorElement>(which === "next" ? "a#page-3" : "a#page-2");
  if (!link) return false;
  beginPage(link);
  link.click();
  return true;
}

export const goToJob = (which: "next" | "prev") => follow(`a[rel~="${which}"]`);
export const goBack = () => follow(".crumb a[href]") || goHome();

/** On a job's own page there is no search: it is asked for in the list. */
export function focusField(selector: string): boolean {
  const field = document.querySelector<HTMLInputElement>(selector);
  if (field?.disabled) awaitField(field, selector);
  field?.focus();
  field?.select();
  return field !== null;
}

/** A field whose island is not alive yet: its place takes the focus, so that what is typed meanwhile is no command. */
function awaitField(field: HTMLElement, selector: string): void {
  const place = field.closest<HTMLElement>("create-job");
  if (!place) return;
  const watching = new MutationObserver(() => {
    const alive = document.querySelector<HTMLInputElement>(`${selector}:enabled`);
    if (alive && document.activeElement === place) alive.focus();
  });
  watching.observe(place, { childList: true, subtree: true, attributes: true });
  place.setAttribute(AWAITS_FIELD, "");
  place.tabIndex = -1;
  place.focus();
  place.addEventListener(
    "blur",
    () => {
      watching.disconnect();
      place.removeAttribute(AWAITS_FIELD);
      place.removeAttribute("tabindex");
    },
    { once: true },
  );
}

export function hasRows(): boolean {
  return isListPage() && jobRows().length > 0;
}
