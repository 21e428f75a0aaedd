/** Formats times in a time zone. One formatter per zone, since creating a formatter is expensive. */
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
  /** The date, for comparison: `2026-11-22`. */
  day: string;
  /** For tables and copied text: `2026-11-22 14:40:58`. */
  sortable: string;
  /** For prose: `22 Nov 2026, 14:40:58`. */
  full: string;
  /** In place of the age, with the zone: `22 Nov 14:40:58 GMT+1`; in another year `3 Jan 2024 14:40 GMT+1`. */
  short: string;
  /** For ticks of the chart: `14:40`, `22 Nov 14:40`, `Sun 14:40`. */
  clock: string;
  date: string;
  weekday: string;
  /** The zone's offset or abbreviation: `GMT+1`, `EST`. */
  zone: string;
}

/** `today` is the current date in the zone. */
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
    short: `${spoken} ${sameYear ? time : `${year} ${hour}:${minute}`} ${timeZoneName}`,
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

/** Whether the browser can format times in that zone. */
export function isSupportedZone(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

/** In UTC, without Intl, if the browser does not support the zone. */
function fields(moment: number, zone: string): Fields {
  if (!isSupportedZone(zone)) return utcFields(moment);
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
