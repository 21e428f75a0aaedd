import { expect, test } from "vitest";
import { makeJob } from "../testing/server";
import { jobStatusIsland } from "./island";

function place(attributes: string): HTMLElement {
  document.body.innerHTML = `<job-status data-job-id="12" data-job-name="Fluid" ${attributes}></job-status>`;
  return document.body.firstElementChild as HTMLElement;
}

test("the attributes are the confirmed state", () => {
  const element = place('data-status="RUNNING" data-updated-at="2026-11-22T10:00:00.000000Z"');
  expect(jobStatusIsland.props(element)).toMatchObject({
    id: "12",
    name: "Fluid",
    server: { status: "RUNNING", updatedAt: "2026-11-22T10:00:00.000000Z" },
  });
});

test("a confirmed change is written back to the element", () => {
  const element = place('data-status="PENDING" data-updated-at="2026-11-22T10:00:00.000000Z"');
  const job = makeJob({ current_status: "FAILED", updated_at: "2026-11-22T10:00:05.000000Z" });
  jobStatusIsland.props(element).onConfirmed(job);
  expect(element.dataset["status"]).toBe("FAILED");
  expect(element.dataset["updatedAt"]).toBe("2026-11-22T10:00:05.000000Z");
});

test("an unknown status is rejected, so the fallback stays", () => {
  expect(() => jobStatusIsland.props(place('data-status="LOST"'))).toThrow("LOST");
});
