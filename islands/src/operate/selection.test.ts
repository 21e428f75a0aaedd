import { beforeEach, expect, test, vi } from "vitest";

const STORAGE_KEY = "job-dashboard:selection";
const job = (id: number) => ({ id: String(id), name: `Job ${id}` });

async function load(stored?: string) {
  sessionStorage.clear();
  if (stored !== undefined) sessionStorage.setItem(STORAGE_KEY, stored);
  vi.resetModules();
  return import("./selection");
}

beforeEach(() => sessionStorage.clear());

test("the selection is kept for the next page", async () => {
  const first = await load();
  first.select([job(1), job(2)]);
  first.deselect(["1"]);
  const next = await load(sessionStorage.getItem(STORAGE_KEY) ?? "");
  expect(next.selectedJobs()).toEqual([job(2)]);
  next.clearSelection();
  expect((await load(sessionStorage.getItem(STORAGE_KEY) ?? "")).selectedCount()).toBe(0);
});

test("up to two hundred jobs can be selected", async () => {
  const { select, selectedCount, isSelected } = await load();
  expect(select(Array.from({ length: 199 }, (_, at) => job(at + 1)))).toBe(true);
  expect(select([job(5), job(500), job(501)])).toBe(false);
  expect([selectedCount(), isSelected("500"), isSelected("501")]).toEqual([200, true, false]);
});

test("listeners are called for changes only", async () => {
  const { select, deselect, clearSelection, onSelection } = await load();
  const listener = vi.fn();
  onSelection(listener);
  select([job(1)]);
  select([job(1)]);
  deselect(["2"]);
  clearSelection();
  clearSelection();
  expect(listener).toHaveBeenCalledTimes(2);
});

test.each([
  ["invalid JSON", "{"],
  ["not a list", '{"1":"x"}'],
  [
    "not pairs",
    '[1,null,"x",["1"],[1,"x"],["0","x"],["-1","x"],["1.5","x"],["1 2","x"],["12345678901234567890","x"],["3",7]]',
  ],
  ["a name too long", JSON.stringify([["1", "x".repeat(256)]])],
])("invalid stored selections are ignored: %s", async (_, stored) => {
  expect((await load(stored)).selectedCount()).toBe(0);
});
