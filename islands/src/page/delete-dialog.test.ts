import { waitFor } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { element, PAGE } from "../testing/page";
import { type Call, nth, problem, recordEvents, stubServer } from "../testing/server";
import { wireDeleteDialog } from "./delete-dialog";

const dialog = () => element("#delete-dialog") as HTMLDialogElement;
const error = () => element("#delete-dialog .field-error");
const confirmButton = () => element("[data-confirm]");
const cancelButton = () => element("button[value=cancel]");
const opener = (id: number) => element(`[data-delete-job="${id}"]`);
const noContent = () => new Response(null, { status: 204 });

function open(id: number): HTMLElement {
  opener(id).focus();
  opener(id).click();
  return opener(id);
}

/** Waits for this many requests; returns the last one. */
async function sent(calls: Call[], number: number): Promise<Call> {
  await waitFor(() => expect(calls).toHaveLength(number));
  return nth(calls, number - 1);
}

beforeAll(wireDeleteDialog);
beforeEach(() => {
  document.body.innerHTML = PAGE;
});

test("names the job and focuses Cancel", () => {
  opener(1).dataset["jobName"] = "<b>Fluid</b>";
  open(1);
  expect(dialog().open).toBe(true);
  expect(element("#delete-dialog [data-name]").textContent).toBe("<b>Fluid</b>");
  expect(document.activeElement).toBe(cancelButton());
});

test("Cancel sends nothing and returns the focus", () => {
  const calls = stubServer();
  const button = open(1);
  cancelButton().click();
  expect(dialog().open).toBe(false);
  expect(calls).toEqual([]);
  expect(document.activeElement).toBe(button);
});

test("the page hears of a deleted job, and the focus moves to the next row", async () => {
  const events = recordEvents("job:deleted");
  const calls = stubServer();
  open(1);
  confirmButton().click();
  confirmButton().click();
  expect(confirmButton().getAttribute("aria-busy")).toBe("true");
  const call = await sent(calls, 1);
  expect(call).toMatchObject({ method: "DELETE", url: "/api/jobs/1/" });
  call.answer(noContent());
  await waitFor(() => expect(dialog().open).toBe(false));
  expect(calls).toHaveLength(1);
  expect(events).toEqual([{ id: "1", name: "One" }]);
  expect(document.activeElement).toBe(element("#row-2 a"));
});

test("without a next row the focus moves to the previous one, or to the table", async () => {
  const calls = stubServer();
  open(2);
  confirmButton().click();
  (await sent(calls, 1)).answer(noContent());
  await waitFor(() => expect(document.activeElement).toBe(element("#row-1 a")));
  element("#row-2").remove();
  open(1);
  confirmButton().click();
  (await sent(calls, 2)).answer(noContent());
  await waitFor(() => expect(document.activeElement).toBe(element("#job-table")));
});

test("a job that is already gone counts as deleted", async () => {
  const events = recordEvents("job:deleted");
  const calls = stubServer();
  open(1);
  confirmButton().click();
  (await sent(calls, 1)).answer(problem(404, "not_found", "No such job."));
  await waitFor(() => expect(events).toEqual([{ id: "1", name: "One" }]));
  expect(dialog().open).toBe(false);
});

test("a failure is shown in the dialog, which can be used again", async () => {
  const calls = stubServer();
  open(1);
  confirmButton().click();
  (await sent(calls, 1)).answer(problem(503, "unavailable", "The database is away."));
  await waitFor(() => expect(error().textContent).toBe("The database is away."));
  expect(error().hidden).toBe(false);
  expect(dialog().open).toBe(true);
  expect(confirmButton().getAttribute("aria-disabled")).toBe("false");
  confirmButton().click();
  expect(error().hidden).toBe(true);
  (await sent(calls, 2)).answer(noContent());
  await waitFor(() => expect(dialog().open).toBe(false));
});

test("a failure after the dialog was closed is shown in the banner", async () => {
  const calls = stubServer();
  open(1);
  confirmButton().click();
  cancelButton().click();
  open(2);
  (await sent(calls, 1)).fail(new TypeError("Failed to fetch"));
  await waitFor(() => nth(calls, 1).fail(new TypeError("Failed to fetch")));
  await waitFor(() => expect(element("#banner").hidden).toBe(false));
  expect(element("#banner p").textContent).toBe(
    "Couldn’t delete One. The server did not respond. The change may have been made. Retrying is safe: it is never made twice.",
  );
  expect(error().hidden).toBe(true);
});

test("after a deletion on the job's own page, another page is opened", async () => {
  const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
  const events = recordEvents("job:deleted");
  const calls = stubServer();
  opener(1).dataset["afterDelete"] = "/";
  open(1);
  confirmButton().click();
  (await sent(calls, 1)).answer(noContent());
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/"));
  expect(events).toEqual([{ id: "1", name: "One" }]);
});
