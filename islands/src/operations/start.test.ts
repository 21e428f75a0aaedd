import { waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { wireBanner } from "../page/banner";
import { element } from "../testing/page";
import { type Call, json, nth, problem, stubServer } from "../testing/server";
import { startOperations } from "./start";

const FORM = `
  <p data-problem="" hidden></p>
  <form data-selection='{"status":["FAILED"]}'>
    <label><input type="radio" name="action" value="set_status" data-verb="Set" checked> Set</label>
    <label><input type="radio" name="action" value="label" data-verb="Label"> Label</label>
    <label><input type="radio" name="action" value="delete" data-verb="Delete"> Delete</label>
    <fieldset data-for="set_status"><p data-problem="status_type" id="status-error" hidden></p><select name="status_type" aria-describedby="status-error"><option value="">Choose one</option><option value="PENDING">Pending</option></select></fieldset>
    <fieldset data-for="label" disabled hidden><p data-problem="labels" id="labels-error" hidden></p><input name="labels" aria-label="Labels" aria-describedby="labels-error labels-hint"></fieldset>
    <fieldset data-for="delete" disabled hidden><p data-problem="number" id="number-error" hidden></p><input data-confirmation="1,200" aria-label="Number" aria-describedby="number-error"></fieldset>
    <textarea name="reason" aria-label="Reason"></textarea>
    <button type="submit" data-count="1,200 jobs">Set 1,200 jobs</button>
  </form>
  <button type="button" data-post="/api/operations/7/cancel/">Cancel operation</button>`;

const { click, type } = userEvent;
let go: MockInstance;
let calls: Call[];

const submit = () => element("[type=submit]");
const choose = (action: string) => click(element(`[value=${action}]`));
const said = (field = "") => element(`[data-problem="${field}"]:not([hidden])`).textContent;

beforeAll(() => {
  wireBanner();
  startOperations();
});
beforeEach(() => {
  document.body.innerHTML = FORM;
  go = vi.spyOn(location, "assign").mockImplementation(() => {});
  calls = stubServer();
  (element("select") as HTMLSelectElement).value = "PENDING";
  element("[value=set_status]").dispatchEvent(new Event("change", { bubbles: true }));
});

test("what is chosen is sent with the selection, and the page of the operation follows", async () => {
  await type(element("[name=reason]"), "Again");
  await click(submit());
  await waitFor(() => expect(nth(calls, 0)).toMatchObject({ method: "POST", url: "/api/operations/" }));
  expect(nth(calls, 0).body).toEqual({
    status: ["FAILED"],
    action: "set_status",
    status_type: "PENDING",
    reason: "Again",
  });
  expect(nth(calls, 0).headers.get("Idempotency-Key")).toBeTruthy();
  nth(calls, 0).answer(json(202, { id: 7 }));
  await waitFor(() => expect(go).toHaveBeenCalledWith("/operations/7/"));
});

test("only the fields of the chosen action are there, and the button says what it does", async () => {
  await choose("label");
  expect(element("[data-for=set_status]").hidden).toBe(true);
  expect(element("[data-for=label]").hidden).toBe(false);
  expect(submit().textContent).toBe("Label 1,200 jobs");
  await type(element("[name=labels]"), " team = fluid, owner=,");
  await click(submit());
  await waitFor(() =>
    expect(nth(calls, 0).body).toEqual({
      status: ["FAILED"],
      action: "label",
      labels: { team: "fluid", owner: null },
    }),
  );
});

test("many jobs are deleted only after their number is typed", async () => {
  await choose("delete");
  await click(submit());
  expect(said("number")).toBe("Type 1,200 to confirm.");
  expect(calls).toHaveLength(0);
  await type(element("[data-confirmation]"), "1200");
  await click(submit());
  await waitFor(() => expect(nth(calls, 0).body).toEqual({ status: ["FAILED"], action: "delete" }));
});

test("a second press sends nothing while the first is answered", async () => {
  await click(submit());
  await click(submit());
  expect(calls).toHaveLength(1);
});

test("what is wrong is said, and the button can be pressed again", async () => {
  await click(submit());
  const errors = [{ field: "q", code: "unknown_status", detail: "Not a valid status." }];
  nth(calls, 0).answer(problem(400, "invalid", "The body is invalid.", errors));
  await waitFor(() => expect(said()).toBe("Not a valid status."));
  await click(submit());
  expect(calls).toHaveLength(2);
  expect(go).not.toHaveBeenCalled();
});

test("what is wrong with a field is said beside it, and goes away when it is corrected", async () => {
  await choose("label");
  const field = element("[name=labels]");
  await type(field, "team=fluid, owner");
  await click(submit());
  expect(said("labels")).toContain("“owner” has no value.");
  expect(calls).toHaveLength(0);
  await type(field, "=");
  expect(element("[data-problem=labels]").hidden).toBe(true);
  expect(field.getAttribute("aria-invalid")).toBeNull();
  await click(submit());
  const errors = [
    { field: "labels", code: "invalid", detail: "Not a valid key." },
    { field: "labels", code: "invalid", detail: "Too many." },
    { field: "reason", code: "too_long", detail: "Too long." },
  ];
  nth(calls, 0).answer(problem(400, "invalid", "The body is invalid.", errors));
  await waitFor(() => expect(said("labels")).toBe("Not a valid key. Too many."));
  expect(said()).toBe("Too long.");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(field);
  expect((field as HTMLInputElement).value).toBe("team=fluid, owner=");
});

test("ids are sent as they are, however large", async () => {
  element("form").dataset["selection"] = '{"ids":[9223372036854775807]}';
  await click(submit());
  expect(nth(calls, 0).text).toContain('{"ids":[9223372036854775807],"');
});

test("a button of an operation is a request without a body", async () => {
  await click(element("[data-post]"));
  await waitFor(() =>
    expect(nth(calls, 0)).toMatchObject({ method: "POST", url: "/api/operations/7/cancel/", text: "" }),
  );
  nth(calls, 0).answer(problem(409, "operation_finished", "The operation has ended: it is completed."));
  await waitFor(() => expect(said()).toBe("The operation has ended: it is completed."));
});

test("a status has to be chosen, and the button names it", async () => {
  expect(submit().textContent).toBe("Set 1,200 jobs to Pending");
  await userEvent.selectOptions(element("select"), "");
  expect(submit().textContent).toBe("Set 1,200 jobs");
  await click(submit());
  expect(said("status_type")).toBe("Choose a status.");
  expect(document.activeElement).toBe(element("select"));
  expect(calls).toHaveLength(0);
});

test("a confirmation leads back to the form with what was filled in", async () => {
  await choose("label");
  await type(element("[name=labels]"), "team=fluid");
  await type(element("[name=reason]"), "Again");
  await click(submit());
  await waitFor(() => expect(calls).toHaveLength(1));
  nth(calls, 0).answer(problem(403, "reauthentication_required", "Your login is not recent."));
  const next = encodeURIComponent(location.pathname + location.search);
  await waitFor(() => expect(go).toHaveBeenCalledWith(`/account/confirm/?next=${next}`));
  document.body.innerHTML = FORM;
  startOperations();
  expect(element("[data-for=label]").hidden).toBe(false);
  expect((element("[name=labels]") as HTMLInputElement).value).toBe("team=fluid");
  expect((element("[name=reason]") as HTMLTextAreaElement).value).toBe("Again");
  expect(document.activeElement).toBe(submit());
  document.body.innerHTML = FORM;
  startOperations();
  expect((element("[name=reason]") as HTMLTextAreaElement).value).toBe("");
});
