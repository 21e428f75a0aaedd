import { expect, test } from "vitest";
import { describeJobs, nameInText } from "./describe";

test("a long name is truncated between characters", () => {
  expect(nameInText({ name: "Wing" })).toBe("Wing");
  expect(nameInText({ name: "é".repeat(60) })).toBe("é".repeat(60));
  const cut = nameInText({ name: "🚀".repeat(255) });
  expect(cut).toBe(`${"🚀".repeat(59)}…`);
  expect(describeJobs([{ id: "1", name: "W".repeat(255) }])).toHaveLength(60);
});
