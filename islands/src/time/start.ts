/** Keeps every `<time>` of the page right: after each swap, at each tick, in the zone that is chosen. One timer in all. */
import { dayOf } from "./absolute";
import { serverClock } from "./clock";
import { DURATIONS, SPANS, TIMES, writeDuration, writeSpan, writeTime, writeZone, ZONES } from "./write";
import { onChoice, showChoice, shownZone } from "./zone";

const OURS = `${TIMES}, ${DURATIONS}, ${SPANS}, ${ZONES}, fieldset#time-zone`;
const WATCHED = {
  attributes: true,
  attributeFilter: ["datetime", "data-lasting"],
  childList: true,
  characterData: true,
};

export function startTimes(): void {
  const clock = serverClock();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function refresh(): void {
    const now = clock();
    const zone = shownZone();
    const moment = { now, zone, today: dayOf(now, zone) };
    let good = Number.POSITIVE_INFINITY;
    for (const element of all(TIMES)) good = Math.min(good, writeTime(element, moment));
    for (const element of all(DURATIONS)) good = Math.min(good, writeDuration(element, now));
    for (const element of all(SPANS)) writeSpan(element, moment);
    for (const element of all(ZONES)) writeZone(element, zone);
    observer.takeRecords(); // what was just written is no news
    clearTimeout(timer);
    // at the turn of the second or of the minute, with every other text that turns there
    if (!document.hidden && good < Number.POSITIVE_INFINITY) timer = setTimeout(refresh, good - (now % good));
  }

  const observer = new MutationObserver((records) => {
    if (!records.some(isOurs)) return;
    showChoice();
    refresh();
  });
  observer.observe(document.documentElement, { ...WATCHED, subtree: true });
  document.addEventListener("visibilitychange", refresh);
  onChoice(refresh);
  showChoice();
  refresh();
}

function all(selector: string): NodeListOf<HTMLElement> {
  return document.querySelectorAll<HTMLElement>(selector);
}

function isOurs({ target, addedNodes }: MutationRecord): boolean {
  const element = target instanceof Element ? target : target.parentElement;
  if (element?.closest(OURS)) return true;
  return [...addedNodes].some((node) => node instanceof Element && (node.matches(OURS) || node.querySelector(OURS)));
}
