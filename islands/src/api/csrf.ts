/** Proves to the server that a page of the dashboard sends the change. Without a login there is no cookie, and no header. */
export function csrfHeader(): Record<string, string> {
  // Over HTTPS; one without the prefix may then be another host's.
  const token = cookie("__Host-csrftoken") ?? cookie("csrftoken");
  return token === undefined ? {} : { "X-CSRFToken": token };
}

function cookie(name: string): string | undefined {
  return new RegExp(`(?:^|; )${name}=([^;]+)`).exec(document.cookie)?.[1];
}
