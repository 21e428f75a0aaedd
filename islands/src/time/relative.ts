/** How long ago, and for how long, in the words of the server's own durations (`jobs/pages/formats.py`). */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.4375 * DAY;
const YEAR = 365.25 * DAY;

const AGO = [
  ["y", YEAR],
  ["mo", MONTH],
  ["d", DAY],
  ["h", HOUR],
  ["min", MINUTE],
  ["s", SECOND],
] as const;
const LASTED = [
  ["d", DAY],
  ["h", HOUR],
  ["min", MINUTE],
  ["s", SECOND],
] as const;
/** So far ahead, a moment is a clock's slip and no plan. */
const SLIP = 2 * SECOND;

/** A text, and for how many milliseconds it stays so at least. */
export interface Passing {
  text: string;
  good: number;
}

/** `12 s ago`, `4 min ago`, `2 y ago`; `in 3 h`; `now`. */
export function ago(moment: number, now: number): Passing {
  const elapsed = now - moment;
  const [unit, size] = AGO.find(([, size]) => Math.abs(elapsed) >= size) ?? ["s", SECOND];
  const good = Math.min(size, MINUTE);
  if (elapsed < SECOND && elapsed > -SLIP) return { text: "now", good };
  const number = Math.floor(Math.abs(elapsed) / size);
  return { text: elapsed < 0 ? `in ${number} ${unit}` : `${number} ${unit} ago`, good };
}

/** `1,234`, as the server groups them, whatever the browser can do with numbers. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Its two largest units: `2 min 36 s`, `3 d 4 h`. */
export function lasted(since: number, now: number): Passing {
  const elapsed = Math.max(now - since, 0);
  const index = LASTED.findIndex(([, size]) => elapsed >= size);
  const [unit, size] = LASTED[index] ?? ["s", SECOND];
  const [smaller, smallerSize] = (index < 0 ? undefined : LASTED[index + 1]) ?? ["", 0];
  const rest = smallerSize ? Math.floor((elapsed % size) / smallerSize) : 0;
  const number = grouped(Math.floor(elapsed / size));
  return {
    text: rest ? `${number} ${unit} ${rest} ${smaller}` : `${number} ${unit}`,
    good: Math.min(smallerSize || SECOND, MINUTE),
  };
}
