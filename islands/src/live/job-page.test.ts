import { afterEach, beforeEach, expect, test } from "vitest";
import { EARLY, LATE, liveUpdate } from "../testing/live-list";
import { element } from "../testing/page";
import { applyJob } from "./job-page";
import { parseUpdate } from "./update";

beforeEach(() => {
  document.title = "Job 4 · Job dashboard";
  document.body.dataset["page"] = "job_detail";
  document.body.innerHTML = `<div class="head"><h1>Job 4</h1><job-status data-job-id="4" data-job-name="Job 4"
    data-status="PENDING" data-updated-at="${EARLY}"></job-status><button data-delete-job="4">Delete</button></div>`;
});

afterEach(() => {
  delete document.body.dataset["page"];
});

test("status, name and title are updated", () => {
  const news = applyJob(parseUpdate(liveUpdate([{ id: 4, name: "$& Renamed", status: "FAILED", updated: LATE }])));
  expect(news.changed).toEqual(["4"]);
  expect(element("job-status").dataset).toMatchObject({ status: "FAILED", updatedAt: LATE, jobName: "$& Renamed" });
  expect(element("h1").textContent).toBe("$& Renamed");
  expect(document.title).toBe("$& Renamed · Job dashboard");
});

test("an update that the page already shows is ignored", () => {
  const answer = () => parseUpdate(liveUpdate([{ id: 4, status: "RUNNING", updated: EARLY }]));
  expect(applyJob(answer()).changed).toEqual([]);
  expect(element("job-status").dataset["status"]).toBe("PENDING");
});

test("a deleted job has a badge and disabled controls", () => {
  const answer = () => parseUpdate(liveUpdate([], `data-gone="4"`));
  expect(applyJob(answer()).deleted).toEqual(["4"]);
  expect(applyJob(answer()).deleted).toEqual([]);
  expect(element("h1 .mark").textContent).toBe("deleted");
  expect(document.title).toBe("Deleted · Job 4 #4 · Job dashboard");
  expect((element("button") as HTMLButtonElement).disabled).toBe(true);
  expect(element("job-status").hasAttribute("data-deleted")).toBe(true);
});
