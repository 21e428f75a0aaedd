import { beforeEach, expect, test, vi } from "vitest";
import { local, session } from "./storage";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test("a value is kept in its own storage until it is removed", () => {
  expect([local.write("key", "text"), session.writeJson("key", { a: 1 })]).toEqual([true, true]);
  expect([local.read("key"), session.readJson("key")]).toEqual(["text", { a: 1 }]);
  expect(local.write("key", null)).toBe(true);
  expect([local.read("key"), session.read("key")]).toEqual([null, '{"a":1}']);
});

test("a missing or invalid value reads as null", () => {
  local.write("key", "{");
  expect([local.readJson("key"), local.readJson("missing"), local.read("missing")]).toEqual([null, null, null]);
});

test("a browser that denies storage changes nothing else", () => {
  vi.stubGlobal("localStorage", undefined);
  expect([local.read("key"), local.readJson("key"), local.write("key", "text")]).toEqual([null, null, false]);
});
