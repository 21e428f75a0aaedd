import { expect, test } from "vitest";
import { jobCount } from "./job-count";

test("the noun follows the number", () => {
  expect([jobCount(0), jobCount(1), jobCount(2)]).toEqual(["0 jobs", "1 job", "2 jobs"]);
  expect([jobCount("1", "new"), jobCount("99+", "new"), jobCount(2, "more")]).toEqual([
    "1 new job",
    "99+ new jobs",
    "2 more jobs",
  ]);
});
