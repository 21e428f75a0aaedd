import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { listPage } from "../testing/list";
import { resetKeys, switchSingleKeys } from "./bindings";
import type { CommandId } from "./keymap";
import { wireKeys } from "./listen";

const ran: CommandId[] = [];
const { keyboard } = userEvent;

beforeAll(() => {
  wireKeys((id) => {
    ran.push(id);
    return true;
  });
});

beforeEach(async () => {
  await keyboard("{F9}"); // ends a sequence that a test has begun
  ran.length = 0;
  resetKeys();
  document.body.innerHTML = listPage([1, 2]);
  document.body.dataset["page"] = "job_list";
});

test("keys run their commands", async () => {
  await keyboard("jkxz");
  await keyboard("{Shift>}D{/Shift}{Control>}k{/Control}?{ArrowDown}");
  expect(ran).toEqual(["next-row", "previous-row", "toggle", "undo", "delete", "palette", "help", "next-row"]);
});

test("one after the other is one command, and what it begins with none", async () => {
  await keyboard("gf");
  await keyboard("*a");
  expect(ran).toEqual(["go-FAILED", "select-page"]);
});

test("a sequence that leads nowhere is forgotten, its last key counts", async () => {
  await keyboard("gj");
  expect(ran).toEqual(["next-row"]);
});

test("a sequence that is not finished is forgotten after a while", async () => {
  vi.useFakeTimers();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "g" }));
  vi.advanceTimersByTime(1_500);
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "f", bubbles: true }));
  vi.useRealTimers();
  expect(ran).toEqual(["set-FAILED"]);
});

test("a key held down moves, and does nothing else twice", () => {
  for (const key of ["j", "f"]) {
    for (const repeat of [false, true]) {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, repeat, bubbles: true }));
    }
  }
  expect(ran).toEqual(["next-row", "next-row", "set-FAILED"]);
});

test.each(["<input>", "<textarea></textarea>", "<select><option>One</option></select>"])(
  "nothing while typing in %s, but the way out and the palette",
  async (field) => {
    document.body.insertAdjacentHTML("beforeend", field);
    (document.body.lastElementChild as HTMLElement).focus();
    await keyboard("jrzx?gf/{Shift>}D{/Shift}{ArrowDown}");
    expect(ran).toEqual([]);
    await keyboard("{Escape}{Control>}k{/Control}");
    expect(ran).toEqual(["leave-field", "palette"]);
  },
);

test("a checkbox is no place to type in", async () => {
  document.querySelector<HTMLElement>("[data-pick]")?.focus();
  await keyboard("j");
  expect(ran).toEqual(["next-row"]);
});

test("nothing in a dialog", async () => {
  document.querySelector("dialog")?.setAttribute("open", "");
  await keyboard("jr{Control>}k{/Control}");
  expect(ran).toEqual([]);
});

test("nothing with other modifiers, and nothing that somebody else has used", async () => {
  await keyboard("{Control>}rcpzf{/Control}{Alt>}d{/Alt}{Meta>}k{/Meta}{Control>}a{/Control}");
  const used = new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true });
  used.preventDefault();
  document.body.dispatchEvent(used);
  expect(ran).toEqual([]);
});

test("what the browser uses itself stays so outside the rows", async () => {
  const tab = document.querySelector<HTMLElement>("#status-tabs a");
  tab?.focus();
  await keyboard("{ArrowDown}{Home}");
  expect(ran).toEqual([]);
  document.querySelector<HTMLElement>("td.name a")?.focus();
  await keyboard("{ArrowDown}{Home}{Control>}a{/Control}");
  expect(ran).toEqual(["next-row", "first-row", "select-page"]);
});

test("down from the search are the jobs", async () => {
  document.querySelector<HTMLElement>("#search")?.focus();
  await keyboard("j{ArrowDown}");
  expect(ran).toEqual(["enter-rows"]);
});

test("Escape that ends a composition leaves nothing", () => {
  const field = document.querySelector("#search");
  for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
    field?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, ...how }));
  }
  expect(ran).toEqual([]);
});

test("on a job's page the same keys mean its neighbours", async () => {
  document.body.dataset["page"] = "job_detail";
  await keyboard("jkx/uf");
  expect(ran).toEqual(["next-job", "previous-job", "back", "set-FAILED"]);
});

test("Escape on a job's page is not about the list's selection", async () => {
  document.body.dataset["page"] = "job_detail";
  await keyboard("{Escape}");
  document.body.dataset["page"] = "job_list";
  await keyboard("{Escape}");
  expect(ran).toEqual(["close-toast", "clear"]);
});

test("switched off, single keys do nothing", async () => {
  switchSingleKeys(false);
  await keyboard("jfz?gf{ArrowDown}{Escape}{Control>}k{/Control}");
  expect(ran).toEqual(["next-row", "clear", "palette"]);
});
