/** Of every request of the page, to the API or not. */
export const TIMEOUT_MS = 15_000;
