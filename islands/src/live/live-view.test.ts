import { expect, test } from "vitest";
import { EARLY, LATE, list } from "../testing/live-list";
import { element } from "../testing/page";
import { readLiveView } from "./live-view";

const ROWS = [{ id: 9, updated: LATE }, { id: 7 }];

test("has the displayed jobs, their list without the cursor, and their versions", () => {
  document.body.innerHTML = list(ROWS, { query: "?status=FAILED&cursor=x.y&search=a+b" });
  expect(readLiveView()).toEqual({
    url: "/live/?ids=9,7&status=FAILED&search=a+b",
    versions: ["0702000002", "0001000001"],
  });
});

test("a deleted job has no version", () => {
  document.body.innerHTML = list(ROWS);
  element("#job-9").setAttribute("data-gone", "");
  expect(readLiveView()?.versions).toEqual(["", "0001000001"]);
});

test("new jobs are counted above the last row as first displayed", () => {
  document.body.innerHTML = list(ROWS, { pill: "data-pill" });
  expect(readLiveView()?.url).toBe(`/live/?ids=9,7&beyond=${EARLY},7`);
  document.body.innerHTML = list(ROWS, { pill: "data-pill", query: "?ordering=-updated_at" });
  readLiveView();
  element("#job-7 .updated_at time").setAttribute("datetime", LATE);
  expect(readLiveView()?.url).toBe(`/live/?ids=9,7&beyond=${EARLY},7&ordering=-updated_at`);
});

test("without a next page, new jobs are counted anywhere", () => {
  document.body.innerHTML = list(ROWS, { pill: "data-whole" });
  expect(readLiveView()?.url).toBe("/live/?ids=9,7&beyond=end");
  document.body.innerHTML = list([], { pill: "data-pill" });
  expect(readLiveView()?.url).toBe("/live/?ids=&beyond=end");
});

test("a job's own page asks for that job", () => {
  document.body.innerHTML = `<h1>One</h1><job-status data-job-id="4" data-updated-at="${LATE}"></job-status>`;
  document.body.dataset["page"] = "job_detail";
  expect(readLiveView()).toEqual({ url: "/live/jobs/4/", versions: ["0702000002"] });
  delete document.body.dataset["page"];
});

test("an error page has nothing to poll for", () => {
  document.body.innerHTML = `<section id="job-table">wrong</section>`;
  expect(readLiveView()).toBeUndefined();
});
