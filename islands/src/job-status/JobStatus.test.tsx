import { act, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { STATUSES } from "../api/statuses";
import type { StatusType } from "../api/types";
import { json, makeJob, nth, problem, recordEvents, stubServer } from "../testing/server";
import { JobStatus } from "./JobStatus";

function setup(status: StatusType = "PENDING", updatedAt = "") {
  const calls = stubServer();
  const onConfirmed = vi.fn();
  const island = (server = { status, updatedAt }) => (
    <JobStatus id="12" name="Fluid Dynamics" server={server} onConfirmed={onConfirmed} />
  );
  const { rerender, container } = render(island());
  const select = screen.getByRole<HTMLSelectElement>("combobox", { name: "Status of Fluid Dynamics" });
  /** The server has written new attributes on the element. */
  const morph = (next: StatusType, at = "") => rerender(island({ status: next, updatedAt: at }));
  const shown = () => container.querySelector(".status")?.getAttribute("data-status");
  return { calls, select, morph, shown, onConfirmed, container, user: userEvent.setup() };
}

test("lists all statuses in order, with the icon of the current one", () => {
  const { container } = setup("RUNNING");
  const labels = screen.getAllByRole("option").map((option) => option.textContent);
  expect(labels).toEqual(Object.values(STATUSES).map(({ label }) => label));
  expect(container.querySelector("use")?.getAttribute("href")).toBe("#status-RUNNING");
});

test("a change is busy until the response, and then shows its status", async () => {
  const events = recordEvents("job:status-changed");
  const { calls, select, shown, onConfirmed, container, user } = setup("PENDING", "2026-11-22T09:00:00.000000Z");
  await user.selectOptions(select, "RUNNING");
  expect(select.value).toBe("RUNNING");
  expect(select.getAttribute("aria-busy")).toBe("true");
  expect(container.querySelector(".status")?.hasAttribute("data-busy")).toBe(true);
  expect(select.disabled).toBe(false);
  const job = makeJob({ current_status: "COMPLETED" });
  await act(async () => nth(calls, 0).answer(json(200, job)));
  expect(select.value).toBe("COMPLETED");
  expect(shown()).toBe("COMPLETED");
  expect(select.getAttribute("aria-busy")).toBe("false");
  expect(events).toEqual([{ job }]);
  expect(onConfirmed).toHaveBeenCalledWith(job);
});

test("a failure restores the confirmed status, is explained, keeps the focus and can be retried", async () => {
  const { calls, select, user } = setup();
  select.focus();
  await user.selectOptions(select, "FAILED");
  await act(async () => nth(calls, 0).answer(problem(503, "unavailable", "The database is away.")));
  expect(select.value).toBe("PENDING");
  expect(screen.getByRole("alert").textContent).toContain("The database is away.");
  expect(document.activeElement).toBe(select);
  await user.click(screen.getByRole("button", { name: "Retry" }));
  expect(nth(calls, 1).body).toEqual({ status_type: "FAILED" });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(document.activeElement).toBe(select);
});

test("a job that is gone is reported as deleted, without a retry", async () => {
  const { calls, select, user } = setup();
  await user.selectOptions(select, "FAILED");
  await act(async () => nth(calls, 0).answer(problem(404, "not_found", "No such job.")));
  expect(screen.getByRole("alert").textContent).toBe("This job was deleted.");
  expect(screen.queryByRole("button")).toBeNull();
});

test("of several choices made while busy, only the last is sent, after the response", async () => {
  const { calls, select, user } = setup();
  await user.selectOptions(select, "RUNNING");
  await user.selectOptions(select, "FAILED");
  await user.selectOptions(select, "COMPLETED");
  expect(calls).toHaveLength(1);
  await act(async () => nth(calls, 0).answer(json(200, makeJob({ current_status: "RUNNING" }))));
  expect(select.value).toBe("COMPLETED");
  expect(nth(calls, 1).body).toEqual({ status_type: "COMPLETED" });
  expect(calls).toHaveLength(2);
});

test("a change from the server is shown when idle", () => {
  const { select, morph } = setup("PENDING");
  morph("RUNNING");
  expect(select.value).toBe("RUNNING");
});

test("a change from the server does not disturb a request in flight, and a failure restores it", async () => {
  const { calls, select, morph, user } = setup("PENDING");
  await user.selectOptions(select, "FAILED");
  morph("RUNNING");
  expect(select.value).toBe("FAILED");
  await act(async () => nth(calls, 0).fail(new TypeError("Failed to fetch")));
  await act(async () => nth(calls, 1).fail(new TypeError("Failed to fetch")));
  expect(select.value).toBe("RUNNING");
});

test("a page fetched before the change and arriving after it does not undo it", async () => {
  const { calls, select, morph, user } = setup("PENDING", "2026-11-22T10:00:00.000000Z");
  await user.selectOptions(select, "RUNNING");
  const job = makeJob({ current_status: "RUNNING", updated_at: "2026-11-22T10:00:05.000000Z" });
  await act(async () => nth(calls, 0).answer(json(200, job)));
  morph("PENDING", "2026-11-22T10:00:00.000000Z");
  expect(select.value).toBe("RUNNING");
  morph("FAILED", "2026-11-22T10:00:09.000000Z");
  expect(select.value).toBe("FAILED");
});
