import { expect, test } from "vitest";
import { MAX_SEARCH, searchesForIds } from "./search";

test("each job is in one search, and none is longer than the server allows", () => {
  const long = Array.from({ length: 300 }, (_, index) => `${9_000_000_000_000_000_000n + BigInt(index)}`);
  for (const ids of [["7"], ["1", "2", "3"], long, long.map((_, index) => String(index + 1))]) {
    const searches = searchesForIds(ids);
    expect(searches.every((q) => q.startsWith("id:") && q.length <= MAX_SEARCH)).toBe(true);
    expect(searches.flatMap((q) => q.slice(3).split(","))).toEqual(ids);
    expect(searches.every((q) => q.split(",").length <= 200)).toBe(true);
  }
  expect(searchesForIds([])).toEqual([]);
  expect(searchesForIds(["1", "2"])).toHaveLength(1);
});
