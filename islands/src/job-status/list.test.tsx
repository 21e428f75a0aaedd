/** The list of statuses: opening, moving, choosing and giving up. */
import { createEvent, fireEvent, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { STATUSES } from "../api/statuses";
import type { StatusType } from "../api/types";
import { nth, stubServer } from "../testing/server";
import { JobStatus } from "./JobStatus";

function setup(status: StatusType = "PENDING") {
  const calls = stubServer();
  const island = (next: StatusType, deleted = false) => (
    <>
      <JobStatus
        id="12"
        name="Wing"
        server={{ status: next, updatedAt: "" }}
        deleted={deleted}
        onConfirmed={() => undefined}
      />
      <a href="#elsewhere">Elsewhere</a>
    </>
  );
  const { rerender } = render(island(status));
  const control = screen.getByRole<HTMLButtonElement>("combobox");
  control.focus();
  /** The label of the active status, read as a screen reader does; undefined if the list is closed. */
  const active = () => {
    const option = document.getElementById(control.getAttribute("aria-activedescendant") ?? "");
    return option?.hasAttribute("data-active") ? option.querySelector("span")?.textContent : undefined;
  };
  const current = () => screen.getByRole("option", { selected: true }).querySelector("span")?.textContent;
  const isOpen = () => control.getAttribute("aria-expanded") === "true";
  const press = (init: KeyboardEventInit) => {
    const event = createEvent.keyDown(control, init);
    fireEvent(control, event);
    return event;
  };
  const morph = (next: StatusType, deleted = false) => rerender(island(next, deleted));
  return { calls, control, active, current, isOpen, press, morph, user: userEvent.setup() };
}

test("the list names all statuses in order, and marks the job's", async () => {
  const { control, current, user } = setup("RUNNING");
  await user.click(control);
  const labels = screen.getAllByRole("option").map((option) => option.textContent);
  expect(labels).toEqual(Object.values(STATUSES).map(({ label }) => label));
  expect(current()).toBe("Running");
  expect(document.getElementById(control.getAttribute("aria-controls") ?? "")).toBe(screen.getByRole("listbox"));
});

test.each(["{Enter}", " ", "{ArrowDown}", "{ArrowUp}", "{Alt>}{ArrowDown}{/Alt}"])(
  "%s opens the list at the current status",
  async (key) => {
    const { calls, active, user } = setup("COMPLETED");
    await user.keyboard(key);
    expect(active()).toBe("Completed");
    expect(calls).toEqual([]);
  },
);

test("arrows, Home and End move the active status, and stop at the ends; nothing is sent", async () => {
  const { calls, control, active, user } = setup("PENDING");
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}");
  expect(active()).toBe("Completed");
  await user.keyboard("{End}{ArrowDown}");
  expect(active()).toBe("Failed");
  await user.keyboard("{Home}{ArrowUp}");
  expect(active()).toBe("Pending");
  await user.keyboard("{PageDown}");
  expect(active()).toBe("Failed");
  expect(control.textContent).toBe("Pending");
  expect(calls).toEqual([]);
});

test.each(["{Enter}", " "])("%s sends the active status once, and keeps the focus", async (key) => {
  const { calls, control, isOpen, user } = setup("PENDING");
  await user.keyboard(`{ArrowDown}{ArrowDown}${key}`);
  expect(isOpen()).toBe(false);
  expect(nth(calls, 0).body).toEqual({ status_type: "RUNNING" });
  expect(calls).toHaveLength(1);
  expect(document.activeElement).toBe(control);
});

test("letters open the list and move in it", async () => {
  const { calls, active, user } = setup("PENDING");
  await user.keyboard("f");
  expect(active()).toBe("Failed");
  await user.keyboard("x");
  expect(active()).toBe("Failed");
  await user.keyboard("ru");
  expect(active()).toBe("Running");
  await user.keyboard("c");
  expect(active()).toBe("Completed");
  expect(calls).toEqual([]);
});

test("letters count by position on a keyboard with another alphabet", () => {
  const { active, press } = setup("PENDING");
  press({ key: "к", code: "KeyR" });
  expect(active()).toBe("Running");
});

test("a closed list leaves to the page what it has no use for; an open one takes every key that writes", () => {
  const { isOpen, press } = setup("PENDING");
  const keys = ["j", "x", "?", "Home", "Escape", "PageDown"].map((key) => ({ key }));
  const shortcuts = [...keys, { key: "F", shiftKey: true }, { key: "ArrowDown", shiftKey: true }];
  expect(shortcuts.map((key) => press(key).defaultPrevented)).toEqual(shortcuts.map(() => false));
  expect(isOpen()).toBe(false);
  press({ key: "ArrowDown" });
  const written = ["j", "x", "f", "?", "1", "D"].map((key) => press({ key }).defaultPrevented);
  expect(written).toEqual(written.map(() => true));
  expect(isOpen()).toBe(true);
});

test.each([{ ctrlKey: true }, { metaKey: true }, { isComposing: true }, { keyCode: 229 }])(
  "a key with %o is not for the list",
  (how) => {
    const { calls, active, isOpen, press } = setup("PENDING");
    press({ key: "f", ...how });
    press({ key: "Enter", ...how });
    expect(isOpen()).toBe(false);
    press({ key: "ArrowDown" });
    press({ key: "f", ...how });
    press({ key: "Enter", ...how });
    expect(active()).toBe("Pending");
    expect(calls).toEqual([]);
  },
);

test("a key that is held down opens or chooses only once", () => {
  const { calls, isOpen, press } = setup("PENDING");
  press({ key: "Enter" });
  expect(press({ key: "Enter", repeat: true }).defaultPrevented).toBe(true);
  expect(isOpen()).toBe(true);
  press({ key: "End" });
  press({ key: "Enter" });
  for (const _ of [1, 2, 3]) press({ key: "Enter", repeat: true });
  expect(isOpen()).toBe(false);
  expect(calls).toHaveLength(1);
});

test("choosing the current status closes the list and sends nothing", async () => {
  const { calls, isOpen, user } = setup("RUNNING");
  await user.keyboard("{Enter}{Enter}");
  expect(isOpen()).toBe(false);
  expect(calls).toEqual([]);
});

test("Escape gives up and keeps the focus; the page does not see it", async () => {
  const { calls, control, isOpen, press } = setup("PENDING");
  press({ key: "End" });
  press({ key: "ArrowDown" });
  expect(press({ key: "Escape" }).defaultPrevented).toBe(true);
  expect(isOpen()).toBe(false);
  expect(document.activeElement).toBe(control);
  expect(calls).toEqual([]);
});

test("Tab gives up and moves on", async () => {
  const { calls, isOpen, user } = setup("PENDING");
  await user.keyboard("{ArrowDown}{ArrowDown}{Tab}");
  expect(isOpen()).toBe(false);
  expect(document.activeElement).toBe(screen.getByRole("link"));
  expect(calls).toEqual([]);
});

test("pressing elsewhere or on the control gives up", async () => {
  const { calls, control, isOpen, user } = setup("PENDING");
  await user.click(control);
  await user.pointer({ target: document.body, keys: "[TouchA]" });
  expect(isOpen()).toBe(false);
  fireEvent.click(control, { detail: 1 });
  fireEvent.click(control, { detail: 2 });
  expect(isOpen()).toBe(true);
  fireEvent.click(control, { detail: 1 });
  expect(isOpen()).toBe(false);
  expect(calls).toEqual([]);
});

test("the pointer moves the active status; a click chooses it and keeps the focus", async () => {
  const { calls, control, active, user } = setup("PENDING");
  await user.click(control);
  await user.hover(screen.getByRole("option", { name: "Completed" }));
  expect(active()).toBe("Completed");
  await user.click(screen.getByRole("option", { name: "Failed" }));
  expect(nth(calls, 0).body).toEqual({ status_type: "FAILED" });
  expect(document.activeElement).toBe(control);
});

test("a change by another client moves the mark, and neither closes the list nor moves the active status", async () => {
  const { calls, active, current, morph, user } = setup("PENDING");
  await user.keyboard("{ArrowDown}{ArrowDown}");
  morph("FAILED");
  expect([current(), active()]).toEqual(["Failed", "Running"]);
  morph("RUNNING");
  expect([current(), active()]).toEqual(["Running", "Running"]);
  await user.keyboard("{Enter}");
  expect(calls).toEqual([]);
});

test("a deleted job has no list", async () => {
  const { control, morph, user } = setup("PENDING");
  await user.click(control);
  morph("PENDING", true);
  expect(control.disabled).toBe(true);
  expect(screen.queryByRole("listbox")).toBeNull();
});
