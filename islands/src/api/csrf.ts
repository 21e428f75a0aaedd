/** Proves to the server that a page of the dashboard sends the change. Without a login there is no cookie, and no header. */
export function csrfHeader(): Record<string, string> {
  // Over HTTPS; one without the prefix may then be another host's.
  const found =
    /(?:^|; )__Host-csrftoken=([^;]+)/.exec(document.cookie) ?? /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  return found?.[1] ? { "X-CSRFToken": found[1] } : {};
}
