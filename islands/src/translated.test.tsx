/** Islands keep working in a translated page: in every state, every text is wrapped or replaced. */
import { act, cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { STATUS_TYPES } from "./api/statuses";
import type { StatusType } from "./api/types";
import { CreateJob } from "./create-job/CreateJob";
import { JobStatus } from "./job-status/JobStatus";
import { json, makeJob, nth, problem, stubServer } from "./testing/server";
import { translate } from "./testing/translated";

let failures: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  failures = vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  expect(failures.mock.calls).toEqual([]);
  cleanup();
});

describe.each([
  ["wrapped", true],
  ["replaced", false],
])("with every text %s", (_, keep) => {
  test("the create form goes through all of its states", async () => {
    const calls = stubServer();
    const user = userEvent.setup();
    const { container } = render(<CreateJob />);
    const field = screen.getByRole<HTMLInputElement>("textbox");
    const again = () => translate(container, keep);
    const text = (selector: string) => container.querySelector(selector)?.textContent;
    expect(again()).toBe(2);
    await user.type(field, "{Enter}");
    expect(text("[role=alert]")).toBe("Enter a name.");
    again();
    await user.type(field, "One{Enter}");
    again();
    expect(text("[role=alert]")).toBeUndefined();
    await act(async () => nth(calls, 0).answer(json(201, makeJob({ name: "One" }))));
    expect(text(".created a")).toBe("One");
    expect(again()).toBeGreaterThan(0);
    await user.type(field, "Two{Enter}");
    again();
    await act(async () => nth(calls, 1).fail(new TypeError("Failed to fetch")));
    expect(text("[role=alert]")).toContain("The server did not respond.");
    again();
    await user.type(field, "{Enter}");
    await act(async () => nth(calls, 2).answer(json(201, makeJob({ id: "13", name: "Two" }))));
    expect(text(".created a")).toBe("Two");
    expect(field.value).toBe("");
  });

  test("the status goes through all of its states", async () => {
    const calls = stubServer();
    const user = userEvent.setup();
    const island = (status: "PENDING" | "FAILED", updatedAt: string) => (
      <JobStatus id="12" name="Wing" server={{ status, updatedAt }} onConfirmed={() => undefined} />
    );
    const { container, rerender } = render(island("PENDING", "2026-11-22T09:00:00.000000Z"));
    const control = screen.getByRole("combobox");
    const again = () => translate(container, keep);
    /** Labels are found by their position: they are translated. */
    async function choose(status: StatusType) {
      await user.click(control);
      again();
      const option = screen.getAllByRole("option")[STATUS_TYPES.indexOf(status)];
      if (option) await user.click(option);
      again();
    }
    expect(again()).toBe(1);
    await choose("RUNNING");
    await act(async () => nth(calls, 0).answer(problem(503, "unavailable", "The database is away.")));
    expect(screen.getByRole("alert").textContent).toBe("The database is away.Retry");
    again();
    await user.click(screen.getByRole("button"));
    again();
    await act(async () => nth(calls, 1).answer(problem(503, "unavailable", "It is still away.")));
    expect(screen.getByRole("alert").textContent).toContain("It is still away.");
    again();
    await choose("COMPLETED");
    await act(async () => nth(calls, 2).answer(json(200, makeJob({ current_status: "COMPLETED" }))));
    expect(control.textContent).toContain("Completed");
    rerender(island("FAILED", "2026-11-22T11:00:00.000000Z"));
    again();
    await choose("RUNNING");
    await act(async () => nth(calls, 3).answer(problem(404, "not_found", "No such job.")));
    expect(screen.getByRole("alert").textContent).toBe("This job was deleted.");
  });
});
