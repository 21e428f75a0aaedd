import { beforeAll, expect, test } from "vitest";
import { emit } from "../events";
import { element } from "../testing/page";
import { makeJob } from "../testing/server";
import { wireRowDuration } from "./row-duration";

beforeAll(wireRowDuration);

const SINCE = "2026-11-22T10:00:00.000000Z";
const LATER = "2026-11-22T10:41:00.000000Z";

function change(phase: string, text: string, status: "PENDING" | "RUNNING" | "COMPLETED"): string[] {
  document.body.innerHTML = `<section id="job-table"><table><tbody><tr id="job-7"><td class="duration">
    <span class="lasts" data-phase="${phase}"><span>${phase}</span> <span data-lasting="${SINCE}">${text}</span></span>
    </td></tr></tbody></table></section>`;
  emit("job:status-changed", { job: makeJob({ id: "7", current_status: status, updated_at: LATER }) });
  const place = element(".lasts");
  const since = place.lastElementChild?.getAttribute("data-lasting") ?? "";
  return [place.dataset["phase"] ?? "", place.textContent ?? "", since];
}

test.each([
  ["running", "41 min", "COMPLETED", ["ran", "ran 41 min", ""]],
  ["waiting", "41 min", "COMPLETED", ["no run", "no run –", ""]],
  ["waiting", "41 min", "RUNNING", ["running", "running 41 min", LATER]],
  ["running", "41 min", "PENDING", ["waiting", "waiting 41 min", LATER]],
] as const)("%s for %s, then %s", (phase, text, status, expected) => {
  expect(change(phase, text, status)).toEqual(expected);
});
