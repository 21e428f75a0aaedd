import { act, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { emit } from "../events";
import { json, makeJob, nth, problem, recordEvents, stubServer } from "../testing/server";
import { CreateJob } from "./CreateJob";

function setup() {
  const calls = stubServer();
  render(<CreateJob />);
  const field = screen.getByRole<HTMLInputElement>("textbox", { name: "New job name" });
  const button = screen.getByRole("button", { name: "Create job" });
  return { calls, field, button, user: userEvent.setup() };
}

test.each([
  ["nothing", "", "Enter a name."],
  ["only whitespace", "   ", "Enter a name."],
  ["one character too many", "x".repeat(256), "Use 255 characters or fewer (currently 256)."],
])("%s is rejected before anything is sent", async (_, typed, message) => {
  const { calls, field, button, user } = setup();
  if (typed) {
    await user.click(field);
    await user.paste(typed);
  }
  await user.click(button);
  expect(calls).toEqual([]);
  expect(field).toHaveProperty("value", typed);
  expect(document.activeElement).toBe(field);
  expect(field.getAttribute("aria-invalid")).toBe("true");
  const error = document.getElementById(field.getAttribute("aria-describedby") ?? "");
  expect(error?.textContent).toBe(message);
});

test("a name of 255 characters outside the Basic Multilingual Plane is accepted", async () => {
  const { calls, field, user } = setup();
  await user.click(field);
  await user.paste("🚀".repeat(255));
  await user.keyboard("{Enter}");
  expect(calls).toHaveLength(1);
});

test("the error disappears when the text changes", async () => {
  const { field, button, user } = setup();
  await user.click(button);
  await user.type(field, "a");
  expect(screen.queryByRole("alert")).toBeNull();
  expect(field.getAttribute("aria-invalid")).toBe("false");
});

test("a created job is announced and linked, and the field is ready for the next one", async () => {
  const events = recordEvents("job:created");
  const { calls, field, user } = setup();
  await user.type(field, "  Fluid Dynamics {Enter}");
  expect(nth(calls, 0).body).toEqual({ name: "Fluid Dynamics" });
  await act(async () => nth(calls, 0).answer(json(201, makeJob())));
  expect(screen.getByRole("status").textContent).toBe("Created Fluid Dynamics");
  expect(screen.getByRole("link", { name: "Fluid Dynamics" }).getAttribute("href")).toBe("/jobs/12/");
  expect(events).toEqual([{ job: makeJob() }]);
  expect(field.value).toBe("");
  expect(document.activeElement).toBe(field);
});

test("a server error appears next to the field and the text is kept", async () => {
  const { calls, field, user } = setup();
  await user.type(field, "Taken{Enter}");
  const errors = [{ field: "name", code: "invalid", detail: "This name has a NUL." }];
  await act(async () => nth(calls, 0).answer(problem(400, "invalid", "The input is not valid.", errors)));
  expect(screen.getByRole("alert").textContent).toBe("This name has a NUL.");
  expect(field.getAttribute("aria-describedby")).toBe(screen.getByRole("alert").id);
  expect(field.value).toBe("Taken");
  expect(document.activeElement).toBe(field);
});

test("a failure without field errors is explained, and a retry works", async () => {
  const { calls, field, button, user } = setup();
  await user.type(field, "Again{Enter}");
  await act(async () => nth(calls, 0).fail(new TypeError("Failed to fetch")));
  expect(screen.getByRole("alert").textContent).toBe(
    "The server did not respond. The change may have been made. Retrying is safe: it is never made twice.",
  );
  expect(field.value).toBe("Again");
  await user.click(button);
  await act(async () => nth(calls, 1).answer(json(201, makeJob({ name: "Again" }))));
  expect(screen.queryByRole("alert")).toBeNull();
  expect(field.value).toBe("");
});

test("while a request is in progress, the same name is not sent again", async () => {
  const { calls, field, button, user } = setup();
  await user.type(field, "Once{Enter}");
  expect(button.getAttribute("aria-disabled")).toBe("true");
  await user.click(button);
  await user.keyboard("{Enter}");
  expect(calls).toHaveLength(1);
  expect(field.value).toBe("Once");
  await act(async () => nth(calls, 0).answer(json(201, makeJob())));
  expect(button.getAttribute("aria-disabled")).toBe("false");
});

test("letters typed during a request are the next name", async () => {
  const { calls, field, user } = setup();
  await user.type(field, "One{Enter}");
  await user.keyboard("Two");
  expect(field.value).toBe("Two");
  await act(async () => nth(calls, 0).answer(json(201, makeJob({ name: "One" }))));
  expect(field.value).toBe("Two");
  expect(calls).toHaveLength(1);
  await user.keyboard("{Enter}Three{Enter}");
  await act(async () => nth(calls, 1).answer(json(201, makeJob({ name: "Two" }))));
  expect(calls.map(({ body }) => body)).toEqual([{ name: "One" }, { name: "Two" }, { name: "Three" }]);
});

test("the failure of a name that has been replaced says which one", async () => {
  const { calls, field, user } = setup();
  await user.type(field, "Taken{Enter}");
  await user.keyboard("Next{Enter}");
  await act(async () => nth(calls, 0).answer(problem(503, "database_unavailable", "The database cannot be reached.")));
  expect(screen.getByRole("alert").textContent).toContain("Couldn’t create “Taken”: The database cannot be reached.");
  expect([field.value, calls.length]).toEqual(["Next", 1]);
});

test("the focus stays where the user has moved it", async () => {
  const { calls, field, user } = setup();
  const elsewhere = document.body.appendChild(document.createElement("button"));
  await user.type(field, "Slow{Enter}");
  elsewhere.focus();
  await act(async () => nth(calls, 0).answer(json(201, makeJob())));
  expect(document.activeElement).toBe(elsewhere);
});

async function created() {
  const view = setup();
  await view.user.type(view.field, "Wing{Enter}");
  await act(async () => nth(view.calls, 0).answer(json(201, makeJob({ name: "Wing" }))));
  return view;
}

test("the message about a job goes away when the next one begins", async () => {
  const { field, user } = await created();
  expect(screen.getByRole("status").textContent).toBe("Created Wing");
  await user.type(field, "B");
  expect(screen.getByRole("status").textContent).toBe("");
});

test("the message says that the list does not show the job", async () => {
  await created();
  act(() => emit("job:not-in-list", { id: "13" }));
  expect(screen.getByRole("status").textContent).toBe("Created Wing");
  act(() => emit("job:not-in-list", { id: "12" }));
  expect(screen.getByRole("status").textContent).toBe("Created Wing. It isn’t on this page of the list.");
});
