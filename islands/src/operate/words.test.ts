import { expect, test } from "vitest";
import { shortName, whichJobs } from "./words";

test("a long name is cut between letters, so that the sentence about it ends in sight", () => {
  expect(shortName({ name: "Wing" })).toBe("Wing");
  expect(shortName({ name: "é".repeat(60) })).toBe("é".repeat(60));
  const cut = shortName({ name: "🚀".repeat(255) });
  expect(cut).toBe(`${"🚀".repeat(59)}…`);
  expect(whichJobs([{ id: "1", name: "W".repeat(255) }])).toHaveLength(60);
});
