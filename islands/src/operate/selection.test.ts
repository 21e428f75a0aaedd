import { beforeEach, expect, test, vi } from "vitest";

const STORED_AS = "job-dashboard:selection";
const job = (id: number) => ({ id: String(id), name: `Job ${id}` });

async function load(stored?: string) {
  sessionStorage.clear();
  if (stored !== undefined) sessionStorage.setItem(STORED_AS, stored);
  vi.resetModules();
  return import("./selection");
}

beforeEach(() => sessionStorage.clear());

test("what was chosen is still chosen on the next page", async () => {
  const first = await load();
  first.choose([job(1), job(2)]);
  first.unchoose(["1"]);
  const next = await load(sessionStorage.getItem(STORED_AS) ?? "");
  expect(next.chosenJobs()).toEqual([job(2)]);
  next.clearSelection();
  expect((await load(sessionStorage.getItem(STORED_AS) ?? "")).chosenCount()).toBe(0);
});

test("two hundred find room, and who is the next is told so", async () => {
  const { choose, chosenCount, isChosen } = await load();
  expect(choose(Array.from({ length: 199 }, (_, at) => job(at + 1)))).toBe(true);
  expect(choose([job(5), job(500), job(501)])).toBe(false);
  expect([chosenCount(), isChosen("500"), isChosen("501")]).toEqual([200, true, false]);
});

test("listeners hear of changes only", async () => {
  const { choose, unchoose, clearSelection, onSelection } = await load();
  const heard = vi.fn();
  onSelection(heard);
  choose([job(1)]);
  choose([job(1)]);
  unchoose(["2"]);
  clearSelection();
  clearSelection();
  expect(heard).toHaveBeenCalledTimes(2);
});

test.each([
  ["no JSON", "{"],
  ["no list", '{"1":"x"}'],
  [
    "no pairs",
    '[1,null,"x",["1"],[1,"x"],["0","x"],["-1","x"],["1.5","x"],["1 2","x"],["12345678901234567890","x"],["3",7]]',
  ],
  ["a name too long", JSON.stringify([["1", "x".repeat(256)]])],
])("what somebody else stored is ignored: %s", async (_, stored) => {
  expect((await load(stored)).chosenCount()).toBe(0);
});
