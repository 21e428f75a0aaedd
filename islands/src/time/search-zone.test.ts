import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listInZone, listOfAssumedZone, tellServer } from "./search-zone";

const assign = vi.fn();
const replace = vi.fn();

function visit(search: string): void {
  vi.stubGlobal("location", { pathname: "/", search, assign, replace });
}

beforeEach(() => {
  assign.mockClear();
  replace.mockClear();
  document.body.innerHTML = "";
});
afterEach(() => vi.unstubAllGlobals());

test("the cookie holds the name of the zone as it is", () => {
  tellServer("America/St_Johns");
  expect(document.cookie).toContain("time-zone=America/St_Johns");
});

test("a chosen zone reloads a list whose days are those of another", () => {
  visit("?q=wing+created:today&tz=UTC&cursor=abc");
  listInZone("Asia/Kolkata");
  expect(assign).toHaveBeenCalledWith("/?q=wing+created:today&tz=Asia/Kolkata");
});

test("a list without days stays", () => {
  visit("?q=created:<1h");
  listInZone("Asia/Kolkata");
  listOfAssumedZone("Asia/Kolkata");
  expect(assign).not.toHaveBeenCalled();
  expect(replace).not.toHaveBeenCalled();
});

test("days in a zone that the server had to assume are loaded again", () => {
  visit("?q=created:today");
  document.body.innerHTML = "<section data-zone-assumed></section>";
  listOfAssumedZone("UTC");
  expect(replace).not.toHaveBeenCalled();
  listOfAssumedZone("Asia/Kolkata");
  expect(replace).toHaveBeenCalledWith("/?q=created:today&tz=Asia/Kolkata");
});
