import { beforeEach, expect, test, vi } from "vitest";

const STORAGE_KEY = "job-dashboard:keys";

/** Loads the module as on a new page: it reads the stored settings when it is loaded. */
async function load(stored?: string) {
  localStorage.clear();
  if (stored !== undefined) localStorage.setItem(STORAGE_KEY, stored);
  vi.resetModules();
  return import("./bindings");
}

beforeEach(() => localStorage.clear());

test("the defaults are the keys of the keymap", async () => {
  const { keysOf, areSingleKeysOff } = await load();
  expect(keysOf("next-row")).toEqual(["j", "ArrowDown"]);
  expect(areSingleKeysOff()).toBe(false);
});

test("without single keys, only keys that write no text are active", async () => {
  const { keysOf, switchSingleKeys } = await load();
  switchSingleKeys(false);
  expect(keysOf("next-row")).toEqual(["ArrowDown"]);
  expect(keysOf("delete")).toEqual([]);
  expect(keysOf("go-FAILED")).toEqual([]);
  expect(keysOf("select-page")).toEqual(["Mod+a"]);
  expect(keysOf("palette")).toEqual(["Mod+k"]);
});

test("a new key replaces the first one and is kept for the next page", async () => {
  const { keysOf, rebind } = await load();
  expect(rebind("next-row", "m")).toEqual([]);
  expect(keysOf("next-row")).toEqual(["m", "ArrowDown"]);
  const stored = localStorage.getItem(STORAGE_KEY) ?? "";
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
] as const)("%s cannot be bound to %s, which %s uses", async (id, keys, other) => {
  const { keysOf, rebind } = await load();
  expect(rebind(id, keys).map((one) => one.id)).toContain(other);
  expect(keysOf(id)).not.toContain(keys);
});

test("a key may run one command in the list and another on a job's page", async () => {
  const { rebind } = await load();
  expect(rebind("back", "x")).toEqual([]);
});

test("two commands swap their keys", async () => {
  const { canSwapKeys, keysOf, swapKeys } = await load();
  expect(canSwapKeys("toggle", "j")).toBe(true);
  swapKeys("toggle", "j");
  expect([keysOf("toggle"), keysOf("next-row")]).toEqual([["j"], ["x", "ArrowDown"]]);
});

test("a sequence can be bound and swapped", async () => {
  const { keysOf, rebind, swapKeys } = await load();
  expect(rebind("toggle", "g x")).toEqual([]);
  swapKeys("undo", "g x");
  expect([keysOf("undo"), keysOf("toggle")]).toEqual([["g x"], ["z"]]);
});

test.each([
  ["toggle", "g", "begins sequences"],
  ["next-job", "z", "runs a command that cannot have j, which the list uses"],
] as const)("%s cannot be swapped to %s, which %s", async (id, keys, _why) => {
  const { canSwapKeys, keysOf, swapKeys } = await load();
  const before = keysOf(id);
  expect(canSwapKeys(id, keys)).toBe(false);
  swapKeys(id, keys);
  expect(keysOf(id)).toEqual(before);
});

test.each([
  ["invalid JSON", "{"],
  ["another type", "[1]"],
  ["null", "null"],
  ["unknown commands", '{"own":{"format-disk":"y","__proto__":"y"}}'],
  ["invalid keys", `{"own":{"next-row":5,"open":"","toggle":" ","undo":"${"y".repeat(300)}"}}`],
  ["an invalid switch", '{"off":"yes","own":7}'],
])("invalid stored settings are ignored: %s", async (_, stored) => {
  const { keysOf, areSingleKeysOff } = await load(stored);
  expect(areSingleKeysOff()).toBe(false);
  expect(["next-row", "open", "toggle", "undo"].map((id) => keysOf(id as "open")[0])).toEqual(["j", "o", "x", "z"]);
});
