import { beforeEach, expect, test, vi } from "vitest";

const STORED_AS = "job-dashboard:keys";

/** The module as a new page has it: it reads what is stored when it is loaded. */
async function load(stored?: string) {
  localStorage.clear();
  if (stored !== undefined) localStorage.setItem(STORED_AS, stored);
  vi.resetModules();
  return import("./bindings");
}

beforeEach(() => localStorage.clear());

test("at first every key is as the keymap has it", async () => {
  const { keysOf, areSingleKeysOff } = await load();
  expect(keysOf("next-row")).toEqual(["j", "ArrowDown"]);
  expect(areSingleKeysOff()).toBe(false);
});

test("switched off, only keys that write nothing are left", async () => {
  const { keysOf, switchSingleKeys } = await load();
  switchSingleKeys(false);
  expect(keysOf("next-row")).toEqual(["ArrowDown"]);
  expect(keysOf("delete")).toEqual([]);
  expect(keysOf("go-FAILED")).toEqual([]);
  expect(keysOf("select-page")).toEqual(["Mod+a"]);
  expect(keysOf("palette")).toEqual(["Mod+k"]);
});

test("another key takes the place of the first and is kept for the next page", async () => {
  const { keysOf, rebind } = await load();
  expect(rebind("next-row", "m")).toBeUndefined();
  expect(keysOf("next-row")).toEqual(["m", "ArrowDown"]);
  const stored = localStorage.getItem(STORED_AS) ?? "";
  const next = await load(stored);
  expect(next.keysOf("next-row")).toEqual(["m", "ArrowDown"]);
  next.resetKeys();
  expect(next.keysOf("next-row")).toEqual(["j", "ArrowDown"]);
});

test.each([
  ["toggle", "j", "next-row"],
  ["toggle", "g", "go-ALL"],
  ["next-job", "u", "back"],
  ["toggle", "*", "select-page"],
] as const)("%s cannot be %s: it is taken by %s", async (id, keys, other) => {
  const { keysOf, rebind } = await load();
  expect(rebind(id, keys)?.id).toBe(other);
  expect(keysOf(id)).not.toContain(keys);
});

test("a key may mean one thing in the list and another on a job's page", async () => {
  const { rebind } = await load();
  expect(rebind("back", "x")).toBeUndefined();
});

test.each([
  ["no JSON", "{"],
  ["another type", "[1]"],
  ["null", "null"],
  ["unknown commands", '{"own":{"format-disk":"y","__proto__":"y"}}'],
  ["keys that are none", `{"own":{"next-row":5,"open":"","toggle":" ","undo":"${"y".repeat(300)}"}}`],
  ["a wrong switch", '{"off":"yes","own":7}'],
])("what somebody else stored is ignored: %s", async (_, stored) => {
  const { keysOf, areSingleKeysOff } = await load(stored);
  expect(areSingleKeysOff()).toBe(false);
  expect(["next-row", "open", "toggle", "undo"].map((id) => keysOf(id as "open")[0])).toEqual(["j", "o", "x", "z"]);
});
