import { beforeEach, expect, test } from "vitest";
import { emit } from "../events";
import { element } from "../testing/page";
import { clearRecent, readRecent, rememberOpened, rememberSearch, wireRecent } from "./recent";

const KEY = "job-dashboard:recent";

wireRecent(undefined);

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = `<form id="list"><input id="search"></form><form><input id="other"></form>`;
});

test("keeps the last five of each, newest first, each once", () => {
  for (const id of ["1", "2", "3", "4", "5", "6", "2"]) rememberOpened({ id, name: `Job ${id}` });
  for (const text of ["a", "b", "c", "d", "e", "f", "b"]) rememberSearch(text);
  expect(readRecent().jobs.map(({ id }) => id)).toEqual(["2", "6", "5", "4", "3"]);
  expect(readRecent().searches).toEqual(["b", "f", "e", "d", "c"]);
  clearRecent();
  expect(readRecent()).toEqual({ jobs: [], searches: [] });
});

test.each([
  "null",
  "7",
  "not JSON",
  "[]",
  '{"jobs": {}, "searches": "turbine"}',
  '{"jobs": [null, {}, {"id": "1"}, {"id": "../x", "name": "A"}, {"id": 1, "name": "A"}, {"id": "1", "name": ""}]}',
  `{"searches": [null, "", " padded ", 7, "${"x".repeat(2001)}"]}`,
])("ignores stored values that are not its own: %s", (stored) => {
  localStorage.setItem(KEY, stored);
  expect(readRecent()).toEqual({ jobs: [], searches: [] });
});

test("reads no more than five, and only what it knows of a job", () => {
  const jobs = Array.from({ length: 9 }, (_, index) => ({ id: String(index + 1), name: "A", url: "javascript:" }));
  localStorage.setItem(KEY, JSON.stringify({ jobs, searches: ["turbine"] }));
  expect(readRecent().jobs).toHaveLength(5);
  expect(readRecent().jobs[0]).toEqual({ id: "1", name: "A" });
  expect(readRecent().searches).toEqual(["turbine"]);
});

test("a search is remembered when its field is left or submitted, unless it is not understood", () => {
  const field = element("#search") as HTMLInputElement;
  field.value = "turbine ";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  expect(readRecent().searches).toEqual([]);
  field.dispatchEvent(new Event("focusout", { bubbles: true }));
  expect(readRecent().searches).toEqual(["turbine"]);
  field.value = "status:f";
  field.setAttribute("aria-invalid", "true");
  field.dispatchEvent(new Event("focusout", { bubbles: true }));
  field.removeAttribute("aria-invalid");
  field.value = "fluid";
  element("#list").dispatchEvent(new Event("submit", { bubbles: true }));
  const other = element("#other") as HTMLInputElement;
  other.value = "name";
  other.dispatchEvent(new Event("focusout", { bubbles: true }));
  expect(readRecent().searches).toEqual(["fluid", "turbine"]);
});

test("a deleted job is forgotten", () => {
  rememberOpened({ id: "1", name: "One" });
  rememberOpened({ id: "2", name: "Two" });
  emit("job:deleted", { id: "1" });
  expect(readRecent().jobs).toEqual([{ id: "2", name: "Two" }]);
});
