/** Ages and durations, formatted like the server's (`jobs/pages/formats.py`). */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.4375 * DAY;
const YEAR = 365.25 * DAY;

const AGE_UNITS = [
  ["y", YEAR],
  ["mo", MONTH],
  ["d", DAY],
  ["h", HOUR],
  ["min", MINUTE],
  ["s", SECOND],
] as const;
const DURATION_UNITS = [
  ["d", DAY],
  ["h", HOUR],
  ["min", MINUTE],
  ["s", SECOND],
] as const;
/** Times up to this far ahead are due to clock skew and shown as "now". */
const CLOCK_SKEW = 2 * SECOND;

/** A text, and for how many milliseconds it is valid at least. */
export interface ExpiringText {
  text: string;
  validFor: number;
}

/** `12 s ago`, `4 min ago`, `2 y ago`; `in 3 h`; `now`. */
export function ago(moment: number, now: number): ExpiringText {
  const elapsed = now - moment;
  const [unit, size] = AGE_UNITS.find(([, size]) => Math.abs(elapsed) >= size) ?? ["s", SECOND];
  const validFor = Math.min(size, MINUTE);
  if (elapsed < SECOND && elapsed > -CLOCK_SKEW) return { text: "now", validFor };
  // What passed is whole, as ages are; what is to come is the nearest: three months are not two.
  const number = elapsed < 0 ? Math.round(-elapsed / size) : Math.floor(elapsed / size);
  return { text: elapsed < 0 ? `in ${number} ${unit}` : `${number} ${unit} ago`, validFor };
}

/** `1,234`, grouped as by the server. Works without Intl. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The two largest units: `2 min 36 s`, `3 d 4 h`. */
export function duration(since: number, now: number): ExpiringText {
  const elapsed = Math.max(now - since, 0);
  const index = DURATION_UNITS.findIndex(([, size]) => elapsed >= size);
  const [unit, size] = DURATION_UNITS[index] ?? ["s", SECOND];
  const [smaller, smallerSize] = (index < 0 ? undefined : DURATION_UNITS[index + 1]) ?? ["", 0];
  const rest = smallerSize ? Math.floor((elapsed % size) / smallerSize) : 0;
  const number = grouped(Math.floor(elapsed / size));
  return {
    text: rest ? `${number} ${unit} ${rest} ${smaller}` : `${number} ${unit}`,
    validFor: Math.min(smallerSize || SECOND, MINUTE),
  };
}
