/** `1 job`, `3 jobs`, `99+ new jobs`, `2 more jobs`. */
export function jobCount(number: number | string, adjective?: "new" | "more"): string {
  const noun = String(number) === "1" ? "job" : "jobs";
  return adjective === undefined ? `${number} ${noun}` : `${number} ${adjective} ${noun}`;
}
