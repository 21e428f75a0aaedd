import { afterEach, expect, test, vi } from "vitest";
import { csrfHeader } from "./csrf";

afterEach(() => vi.restoreAllMocks());

test.each([
  ["theme=dark", {}],
  ["theme=dark; csrftoken=t0ken", { "X-CSRFToken": "t0ken" }],
  ["csrftoken=anothers; __Host-csrftoken=t0ken", { "X-CSRFToken": "t0ken" }],
])("%s", (cookies, header) => {
  vi.spyOn(document, "cookie", "get").mockReturnValue(cookies);
  expect(csrfHeader()).toEqual(header);
});
