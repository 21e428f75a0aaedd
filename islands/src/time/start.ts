/** Keeps all times of the page up to date, in the chosen time zone: after each swap, and by a single timer. */
import { dayOf } from "./absolute";
import { serverClock } from "./clock";
import { DURATIONS, renderDuration, renderSpan, renderTime, renderZone, SPANS, TIMES, ZONES } from "./render";
import { wireRowDuration } from "./row-duration";
import { listOfAssumedZone, tellServer } from "./search-zone";
import { onChoice, showChoice, shownZone } from "./zone";

const MANAGED = `${TIMES}, ${DURATIONS}, ${SPANS}, ${ZONES}, fieldset#time-zone`;
const OBSERVED = {
  attributes: true,
  attributeFilter: ["datetime", "data-lasting", "data-from", "data-to", "data-words"],
  childList: true,
  characterData: true,
};

export function startTimes(): void {
  wireRowDuration();
  const clock = serverClock();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function refresh(): void {
    const now = clock();
    const zone = shownZone();
    const context = { now, zone, today: dayOf(now, zone) };
    let validFor = Number.POSITIVE_INFINITY;
    for (const element of all(TIMES)) validFor = Math.min(validFor, renderTime(element, context));
    for (const element of all(DURATIONS)) validFor = Math.min(validFor, renderDuration(element, now));
    for (const element of all(SPANS)) renderSpan(element, context);
    for (const element of all(ZONES)) renderZone(element, zone);
    observer.takeRecords(); // ignore the changes just made
    clearTimeout(timer);
    // aligned to the second or minute, so that all texts change together
    if (!document.hidden && validFor < Number.POSITIVE_INFINITY)
      timer = setTimeout(refresh, validFor - (now % validFor));
  }

  const observer = new MutationObserver((records) => {
    if (!records.some(isManaged)) return;
    showChoice();
    refresh();
  });
  observer.observe(document.documentElement, { ...OBSERVED, subtree: true });
  document.addEventListener("visibilitychange", refresh);
  tellServer(shownZone());
  listOfAssumedZone(shownZone());
  onChoice(refresh);
  // A live page may be printed long after it was rendered.
  addEventListener("beforeprint", () => {
    for (const time of all("time[data-printed]")) time.setAttribute("datetime", new Date(clock()).toISOString());
    refresh();
  });
  showChoice();
  refresh();
}

function all(selector: string): NodeListOf<HTMLElement> {
  return document.querySelectorAll<HTMLElement>(selector);
}

function isManaged({ target, addedNodes }: MutationRecord): boolean {
  const element = target instanceof Element ? target : target.parentElement;
  if (element?.closest(MANAGED)) return true;
  return [...addedNodes].some(
    (node) => node instanceof Element && (node.matches(MANAGED) || node.querySelector(MANAGED)),
  );
}
