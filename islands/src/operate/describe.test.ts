import { expect, test } from "vitest";
import { describeJobs, truncateName } from "./describe";

test("a long name is truncated between characters", () => {
  expect(truncateName({ name: "Wing" })).toBe("Wing");
  expect(truncateName({ name: "é".repeat(60) })).toBe("é".repeat(60));
  const cut = truncateName({ name: "🚀".repeat(255) });
  expect(cut).toBe(`${"🚀".repeat(59)}…`);
  expect(describeJobs([{ id: "1", name: "W".repeat(255) }])).toHaveLength(60);
});
