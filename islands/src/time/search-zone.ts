/**
 * The time zone of the days in a search. The server takes it from the URL of the list, so that a link means the same days
 * to everybody, and otherwise from a cookie.
 */
import { setCookie } from "../storage";

const COOKIE = "time-zone";

export function tellServer(zone: string): void {
  setCookie(COOKIE, zone);
}

/** Loads the list again if its days are those of a zone, now in this one. */
export function listInZone(zone: string): void {
  if (parameters().some((each) => each.startsWith("tz="))) location.assign(urlIn(zone));
}

/** On the first visit, the server knows no zone yet and takes UTC. */
export function listOfAssumedZone(zone: string): void {
  if (zone !== "UTC" && document.querySelector("[data-zone-assumed]")) location.replace(urlIn(zone));
}

/** A cursor is valid for one zone only. */
function urlIn(zone: string): string {
  const kept = parameters().filter((each) => !/^(tz|cursor)=/.test(each));
  return `${location.pathname}?${[...kept, `tz=${zone}`].join("&")}`;
}

function parameters(): string[] {
  return location.search.slice(1).split("&");
}
