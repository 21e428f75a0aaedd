/** Proves to the server that a page of the dashboard sends the change. Without a login there is no cookie, and no header. */
export function csrfHeader(): Record<string, string> {
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return token === undefined ? {} : { "X-CSRFToken": token };
}
