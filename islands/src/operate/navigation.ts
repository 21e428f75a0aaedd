/** Navigates to other lists, pages and jobs, through the page's own links if it has them. */
import { AWAITS_FIELD } from "../keys/listen";
import { expectNewPage } from "./cursor";

function clickLink(selector: string): boolean {
  const link = document.querySelector<HTMLAnchorElement>(selector);
  link?.click();
  return link !== null;
}

/** Clicks the status tab, which keeps search and sort order. On pages without tabs, opens the list of that status. */
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
  const link = document.querySelector<HTMLAnchorElement>(which === "next" ? "a#page-next" : "a#page-previous");
  if (!link) return false;
  expectNewPage(link);
  link.click();
  return true;
}

export const goToJob = (which: "next" | "prev") => clickLink(`a[rel~="${which}"]`);
export const goBack = () => clickLink(".crumb a[href]") || goHome();

/** Returns false if the page has no such field. */
export function focusField(selector: string): boolean {
  const field = document.querySelector<HTMLInputElement>(selector);
  if (field?.disabled) awaitField(field, selector);
  field?.focus();
  field?.select();
  return field !== null;
}

/** The field's island is not mounted yet: its element takes the focus meanwhile, so that typing runs no commands. */
function awaitField(field: HTMLElement, selector: string): void {
  const place = field.closest<HTMLElement>("create-job");
  if (!place) return;
  const observer = new MutationObserver(() => {
    const mounted = document.querySelector<HTMLInputElement>(`${selector}:enabled`);
    if (mounted && document.activeElement === place) mounted.focus();
  });
  observer.observe(place, { childList: true, subtree: true, attributes: true });
  place.setAttribute(AWAITS_FIELD, "");
  place.tabIndex = -1;
  place.focus();
  place.addEventListener(
    "blur",
    () => {
      observer.disconnect();
      place.removeAttribute(AWAITS_FIELD);
      place.removeAttribute("tabindex");
    },
    { once: true },
  );
}
