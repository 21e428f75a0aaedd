/** A moment as a calendar and a clock in some zone show it. One formatter for each zone: making them is what costs. */
type Field = "year" | "month" | "day" | "hour" | "minute" | "second" | "weekday" | "timeZoneName";
type Fields = Record<Field, string>;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      weekday: "short",
      timeZoneName: "short",
    });
    formatters.set(zone, found);
  }
  return found;
}

export interface Absolute {
  /** The day alone, to tell whether two moments share it: `2026-11-22`. */
  day: string;
  /** As tables and copies want it: `2026-11-22 14:40:58`. */
  sortable: string;
  /** As a sentence has it: `22 Nov 2026, 14:40:58`. */
  full: string;
  /** The shortest that is clear beside how long ago it was: `14:40:58`, `19 Nov 14:40`, `3 Jan 2024`. */
  short: string;
  /** As the ticks of a picture have it: `14:40`, `22 Nov 14:40`, `Sun 14:40`. */
  clock: string;
  date: string;
  weekday: string;
  /** Its difference to UTC, or what people call it: `GMT+1`, `EST`. */
  zone: string;
}

/** `today` is the zone's day now. */
export function absolute(moment: number, zone: string, today: string): Absolute {
  const { year, month, day, hour, minute, second, weekday, timeZoneName } = fields(moment, zone);
  const date = `${year}-${month}-${day}`;
  const time = `${hour}:${minute}:${second}`;
  const spoken = `${Number(day)} ${MONTHS[Number(month) - 1]}`;
  const sameYear = today.startsWith(`${year}-`);
  return {
    day: date,
    sortable: `${date} ${time}`,
    full: `${spoken} ${year}, ${time}`,
    short: date === today ? time : sameYear ? `${spoken} ${hour}:${minute}` : `${spoken} ${year}`,
    clock: `${hour}:${minute}`,
    date: `${spoken} ${hour}:${minute}`,
    weekday: `${weekday} ${hour}:${minute}`,
    zone: timeZoneName,
  };
}

export function dayOf(moment: number, zone: string): string {
  const { year, month, day } = fields(moment, zone);
  return `${year}-${month}-${day}`;
}

/** Whether times can be shown in that zone. */
export function canReckon(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

/** A browser that cannot write times writes them in UTC, by our own hand. */
function fields(moment: number, zone: string): Fields {
  if (!canReckon(zone)) return utcFields(moment);
  const parts = formatter(zone).formatToParts(moment);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value])) as Fields;
}

function utcFields(moment: number): Fields {
  const [year = "", month = "", day = "", hour = "", minute = "", second = ""] = new Date(moment)
    .toISOString()
    .split(/[-T:.]/);
  const weekday = WEEKDAYS[new Date(moment).getUTCDay()] ?? "";
  return { year, month, day, hour, minute, second, weekday, timeZoneName: "UTC" };
}
