/**
 * An estimate of the server's clock, from the time at which the page was rendered and the time since its arrival. It is
 * correct even if the computer's own clock is wrong.
 */
export function serverClock(): () => number {
  const renderedAt = Date.parse(document.documentElement.dataset["now"] ?? "");
  if (Number.isNaN(renderedAt)) return Date.now;
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const sinceArrival = navigation?.responseStart ? performance.now() - navigation.responseStart : 0;
  const offset = renderedAt + Math.max(sinceArrival, 0) - Date.now();
  return () => Date.now() + offset;
}
