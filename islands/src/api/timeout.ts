/** The timeout of every request that the page sends, to the API or not. */
export const TIMEOUT_MS = 15_000;
