import { act, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { STATUSES } from "../api/statuses";
import type { StatusType } from "../api/types";
import { json, makeJob, nth, problem, recordEvents, stubServer } from "../testing/server";
import { JobStatus } from "./JobStatus";

const { PENDING, RUNNING, COMPLETED, FAILED } = STATUSES;

function setup(status: StatusType = "PENDING", updatedAt = "") {
  const calls = stubServer();
  const onConfirmed = vi.fn();
  const user = userEvent.setup();
  const island = (server = { status, updatedAt }) => (
    <JobStatus id="12" name="Fluid Dynamics" server={server} onConfirmed={onConfirmed} />
  );
  const { rerender, container } = render(island());
  const control = screen.getByRole<HTMLButtonElement>("combobox", { name: "Status of Fluid Dynamics" });
  /** The server has written new attributes on the element. */
  const morph = (next: StatusType, at = "") => rerender(island({ status: next, updatedAt: at }));
  const shown = () => control.getAttribute("data-status");
  async function choose(next: StatusType) {
    await user.click(control);
    await user.click(screen.getByRole("option", { name: STATUSES[next].label }));
  }
  return { calls, control, morph, shown, choose, onConfirmed, container, user };
}

test("shows the icon and the label of the status, and no list", () => {
  const { control, container } = setup("RUNNING");
  expect(control.textContent).toBe(RUNNING.label);
  expect(container.querySelector("use")?.getAttribute("href")).toBe("#status-RUNNING");
  expect(screen.queryByRole("listbox")).toBeNull();
});

test("a change is busy until the response, and then shows its status", async () => {
  const events = recordEvents("job:status-changed");
  const { calls, control, shown, choose, onConfirmed } = setup("PENDING", "2026-11-22T09:00:00.000000Z");
  await choose("RUNNING");
  expect(control.textContent).toBe(RUNNING.label);
  expect(control.getAttribute("aria-busy")).toBe("true");
  expect(control.hasAttribute("data-busy")).toBe(true);
  expect(control.disabled).toBe(false);
  const job = makeJob({ current_status: "COMPLETED" });
  await act(async () => nth(calls, 0).answer(json(200, job)));
  expect(control.textContent).toBe(COMPLETED.label);
  expect(shown()).toBe("COMPLETED");
  expect(control.getAttribute("aria-busy")).toBe("false");
  expect(events).toEqual([{ job }]);
  expect(onConfirmed).toHaveBeenCalledWith(job);
});

test("a failure restores the confirmed status, is explained, keeps the focus and can be retried", async () => {
  const { calls, control, choose, user } = setup();
  await choose("FAILED");
  await act(async () => nth(calls, 0).answer(problem(503, "unavailable", "The database is away.")));
  expect(control.textContent).toBe(PENDING.label);
  expect(screen.getByRole("alert").textContent).toContain("The database is away.");
  expect(document.activeElement).toBe(control);
  await user.click(screen.getByRole("button", { name: "Retry" }));
  expect(nth(calls, 1).body).toEqual({ status_type: "FAILED" });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(document.activeElement).toBe(control);
});

test("a job that is gone is reported as deleted, without a retry", async () => {
  const { calls, choose } = setup();
  await choose("FAILED");
  await act(async () => nth(calls, 0).answer(problem(404, "not_found", "No such job.")));
  expect(screen.getByRole("alert").textContent).toBe("This job was deleted.");
  expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
});

test("of several choices made while busy, only the last is sent, after the response", async () => {
  const { calls, control, choose } = setup();
  await choose("RUNNING");
  await choose("FAILED");
  await choose("COMPLETED");
  expect(calls).toHaveLength(1);
  await act(async () => nth(calls, 0).answer(json(200, makeJob({ current_status: "RUNNING" }))));
  expect(control.textContent).toBe(COMPLETED.label);
  expect(nth(calls, 1).body).toEqual({ status_type: "COMPLETED" });
  expect(calls).toHaveLength(2);
});

test("a change from the server is shown when idle", () => {
  const { shown, morph } = setup("PENDING");
  morph("RUNNING");
  expect(shown()).toBe("RUNNING");
});

test("a change from the server does not disturb a request in flight, and a failure restores it", async () => {
  const { calls, control, morph, choose } = setup("PENDING");
  await choose("FAILED");
  morph("RUNNING");
  expect(control.textContent).toBe(FAILED.label);
  await act(async () => nth(calls, 0).fail(new TypeError("Failed to fetch")));
  await act(async () => nth(calls, 1).fail(new TypeError("Failed to fetch")));
  expect(control.textContent).toBe(RUNNING.label);
});

test("a page fetched before the change and arriving after it does not undo it", async () => {
  const { calls, shown, morph, choose } = setup("PENDING", "2026-11-22T10:00:00.000000Z");
  await choose("RUNNING");
  const job = makeJob({ current_status: "RUNNING", updated_at: "2026-11-22T10:00:05.000000Z" });
  await act(async () => nth(calls, 0).answer(json(200, job)));
  morph("PENDING", "2026-11-22T10:00:00.000000Z");
  expect(shown()).toBe("RUNNING");
  morph("FAILED", "2026-11-22T10:00:09.000000Z");
  expect(shown()).toBe("FAILED");
});

test("for those who may not change jobs, the status is text, and follows the page", () => {
  const island = (status: StatusType) => (
    <JobStatus id="12" name="Fluid Dynamics" server={{ status, updatedAt: "" }} readOnly onConfirmed={vi.fn()} />
  );
  const { rerender, container } = render(island("PENDING"));
  expect(screen.queryByRole("combobox")).toBeNull();
  expect(container.textContent).toBe(PENDING.label);
  rerender(island("FAILED"));
  expect(container.textContent).toBe(FAILED.label);
  expect(container.querySelector("[data-status]")?.getAttribute("data-status")).toBe("FAILED");
});
