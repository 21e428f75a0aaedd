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

test("an undo shows what the row showed before the change, and its undo what the change showed", () => {
  change("waiting", "1 day", "RUNNING");
  const shown = () => {
    const place = element(".lasts");
    return [place.textContent, place.lastElementChild?.getAttribute("data-lasting")];
  };
  const become = (current_status: "PENDING" | "RUNNING" | "COMPLETED", minute: number, undoes?: number) => {
    const at = (number: number) => `2026-11-22T11:0${number}:00.000000Z`;
    const job = makeJob({ id: "7", current_status, updated_at: at(minute) });
    emit("job:status-changed", { job, undoes: undoes === undefined ? undoes : at(undoes) });
    return shown();
  };
  expect(become("COMPLETED", 1)).toEqual(["ran 1 day", ""]);
  expect(become("RUNNING", 2, 1)).toEqual(["running 1 day", LATER]);
  expect(become("COMPLETED", 3, 2)).toEqual(["ran 1 day", ""]);
  expect(become("RUNNING", 4, 3)).toEqual(["running 1 day", LATER]);
  // One that this page has not seen
  expect(become("PENDING", 5, 0)).toEqual(["waiting 1 day", "2026-11-22T11:05:00.000000Z"]);
});
