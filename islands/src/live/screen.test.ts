import { expect, test } from "vitest";
import { EARLY, LATE, list } from "../testing/live-list";
import { element } from "../testing/page";
import { readScreen } from "./screen";

const ROWS = [{ id: 9, updated: LATE }, { id: 7 }];

test("names the jobs in view, the list they are from without its page, and what is shown of each", () => {
  document.body.innerHTML = list(ROWS, { query: "?status=FAILED&cursor=x.y&search=a+b" });
  expect(readScreen()).toEqual({
    url: "/live/?ids=9,7&status=FAILED&search=a+b",
    versions: ["0702000002", "0001000001"],
  });
});

test("a deleted job has no version", () => {
  document.body.innerHTML = list(ROWS);
  element("#job-9").setAttribute("data-gone", "");
  expect(readScreen()?.versions).toEqual(["", "0001000001"]);
});

test("where new jobs have a place, it is above the last row as it came", () => {
  document.body.innerHTML = list(ROWS, { pill: "data-pill" });
  expect(readScreen()?.url).toBe(`/live/?ids=9,7&beyond=${EARLY},7`);
  document.body.innerHTML = list(ROWS, { pill: "data-pill", query: "?ordering=-updated_at" });
  readScreen();
  element("#job-7 .updated_at time").setAttribute("datetime", LATE);
  expect(readScreen()?.url).toBe(`/live/?ids=9,7&beyond=${EARLY},7&ordering=-updated_at`);
});

test("where no row is missing below, they may come anywhere", () => {
  document.body.innerHTML = list(ROWS, { pill: "data-whole" });
  expect(readScreen()?.url).toBe("/live/?ids=9,7&beyond=end");
  document.body.innerHTML = list([], { pill: "data-pill" });
  expect(readScreen()?.url).toBe("/live/?ids=&beyond=end");
});

test("a job's own page asks for the job", () => {
  document.body.innerHTML = `<h1>One</h1><job-status data-job-id="4" data-updated-at="${LATE}"></job-status>`;
  document.body.dataset["page"] = "job_detail";
  expect(readScreen()).toEqual({ url: "/live/jobs/4/", versions: ["0702000002"] });
  delete document.body.dataset["page"];
});

test("a page that says what is wrong has nothing to ask", () => {
  document.body.innerHTML = `<section id="job-table">wrong</section>`;
  expect(readScreen()).toBeUndefined();
});
