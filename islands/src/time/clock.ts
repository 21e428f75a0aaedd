/**
 * The server's clock, as far as a browser can know it: the page says when it was made, and the browser when it came.
 * A computer whose own clock is three hours wrong still counts from the right moment.
 */
export function serverClock(): () => number {
  const made = Date.parse(document.documentElement.dataset["now"] ?? "");
  if (Number.isNaN(made)) return Date.now;
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const sinceArrival = navigation?.responseStart ? performance.now() - navigation.responseStart : 0;
  const ahead = made + Math.max(sinceArrival, 0) - Date.now();
  return () => Date.now() + ahead;
}
