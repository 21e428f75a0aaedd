/** The days that the values of a search mean, in the time zone in which the server reads them. */
import { readCookie } from "../storage";
import type { Days } from "./grammar";

const DAY_MS = 86_400_000;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Today, as its midnight in UTC, and the name of the zone whose day it is. */
export interface Today {
  day: number;
  zone: string;
}

/** The zone of the list if its URL names one, and otherwise the one that the page has told the server. */
export function todayIn(form: HTMLFormElement | null): Today {
  const named = form?.querySelector<HTMLInputElement>('input[name="tz"]')?.value;
  const zone = named ?? readCookie("time-zone") ?? "UTC";
  try {
    return { day: Date.parse(dateIn(zone)), zone: zone.replace(/^.*\//, "").replaceAll("_", " ") };
  } catch {
    // The server knows zones that this browser does not.
    return { day: Date.parse(dateIn("UTC")), zone: "UTC" };
  }
}

function dateIn(timeZone: string): string {
  // Swedish dates are those of ISO 8601.
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  return new Intl.DateTimeFormat("sv", { ...parts, timeZone }).format();
}

/** The date of so many days ago. */
export const dateBefore = ({ day }: Today, days: number) => isoDate(day - days * DAY_MS);
export const thisMonday = ({ day }: Today) => isoDate(mondayOf(day));
export const firstOfMonth = ({ day }: Today) => `${isoDate(day).slice(0, 7)}-01`;

const isoDate = (day: number) => new Date(day).toISOString().slice(0, 10);
const mondayOf = (day: number) => day - ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS;

/** `Mon 30 Nov`. */
export function dateWords(date: string | number): string {
  const day = new Date(date);
  return `${WEEKDAYS[day.getUTCDay()]} ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
}

/** `Mon 30 Nov`, `Mon 23 – Sun 29 Nov`. */
export function daysWords([first, count, isWeek]: Days, { day }: Today): string {
  const start = (isWeek ? mondayOf(day) : day) + first * DAY_MS;
  const [from, to] = [dateWords(start), dateWords(start + (count - 1) * DAY_MS)];
  if (count === 1) return from;
  const [month = ""] = / \w+$/.exec(to) ?? [];
  return `${from.endsWith(month) ? from.slice(0, -month.length) : from} – ${to}`;
}
