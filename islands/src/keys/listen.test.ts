import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { listPage } from "../testing/list";
import { resetKeys, switchSingleKeys } from "./bindings";
import type { CommandId } from "./keymap";
import { onPending, type Press, wireKeys } from "./listen";

const ran: CommandId[] = [];
let last: Press | undefined;
const { keyboard } = userEvent;

beforeAll(() => {
  wireKeys((id, press) => {
    ran.push(id);
    last = press;
    return true;
  });
});

beforeEach(async () => {
  await keyboard("{F9}"); // ends an unfinished sequence of an earlier test
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

test("a sequence runs one command, and its first key none", async () => {
  await keyboard("gf");
  await keyboard("*a");
  expect(ran).toEqual(["go-FAILED", "select-page"]);
});

test("an unknown sequence is dropped, except for its last key", async () => {
  await keyboard("gj");
  expect(ran).toEqual(["next-row"]);
});

test("an unfinished sequence expires", async () => {
  vi.useFakeTimers();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "g" }));
  vi.advanceTimersByTime(5_000);
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "f", bubbles: true }));
  vi.useRealTimers();
  expect(ran).toEqual(["set-FAILED"]);
});

test("a key held down repeats moves and no other command", () => {
  for (const key of ["j", "f"]) {
    for (const repeat of [false, true]) {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, repeat, bubbles: true }));
    }
  }
  expect(ran).toEqual(["next-row", "next-row", "set-FAILED"]);
});

test.each([
  "<input>",
  "<textarea></textarea>",
  "<select><option>One</option></select>",
  '<button role="combobox" aria-expanded="true">One</button>',
])("while typing in %s, only Escape and the palette work", async (field) => {
  document.body.insertAdjacentHTML("beforeend", field);
  (document.body.lastElementChild as HTMLElement).focus();
  await keyboard("jrzx?gf/{Shift>}D{/Shift}{ArrowDown}");
  expect(ran).toEqual([]);
  await keyboard("{Escape}{Control>}k{/Control}");
  expect(ran).toEqual(["leave-field", "palette"]);
});

test("a sequence that has begun goes before a control that takes its second key", async () => {
  const control = document.querySelector<HTMLElement>("[data-select]");
  control?.addEventListener("keydown", (event) => {
    if (!event.defaultPrevented && event.key === "f") event.preventDefault();
  });
  control?.focus();
  await keyboard("f");
  expect(ran).toEqual([]);
  await keyboard("gfgj");
  expect(ran).toEqual(["go-FAILED", "next-row"]);
});

test("a checkbox is not a text field", async () => {
  document.querySelector<HTMLElement>("[data-select]")?.focus();
  await keyboard("j");
  expect(ran).toEqual(["next-row"]);
});

test("no shortcuts in a dialog", async () => {
  document.querySelector("dialog")?.setAttribute("open", "");
  await keyboard("jr{Control>}k{/Control}");
  expect(ran).toEqual([]);
});

test("no shortcuts with other modifiers, or for events already handled", async () => {
  await keyboard("{Control>}rcpzf{/Control}{Alt>}d{/Alt}{Meta>}k{/Meta}{Control>}a{/Control}");
  const used = new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true });
  used.preventDefault();
  document.body.dispatchEvent(used);
  expect(ran).toEqual([]);
});

test("keys that the browser uses keep their function outside the rows", async () => {
  const tab = document.querySelector<HTMLElement>("#status-tabs a");
  tab?.focus();
  await keyboard("{ArrowDown}{Home}");
  expect(ran).toEqual([]);
  document.querySelector<HTMLElement>("td.name a")?.focus();
  await keyboard("{ArrowDown}{Home}{Control>}a{/Control}");
  expect(ran).toEqual(["next-row", "first-row", "select-page"]);
});

test("Down moves from the search to the jobs", async () => {
  document.querySelector<HTMLElement>("#search")?.focus();
  await keyboard("j{ArrowDown}");
  expect(ran).toEqual(["enter-rows"]);
});

test("Escape that ends a composition does not leave the field", () => {
  const field = document.querySelector("#search");
  for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
    field?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, ...how }));
  }
  expect(ran).toEqual([]);
});

test("on a job's page the same keys open the adjacent jobs", async () => {
  document.body.dataset["page"] = "job_detail";
  await keyboard("jkx/uf");
  expect(ran).toEqual(["next-job", "previous-job", "back", "set-FAILED"]);
});

test("Escape on a job's page does not clear the selection", async () => {
  document.body.dataset["page"] = "job_detail";
  await keyboard("{Escape}");
  document.body.dataset["page"] = "job_list";
  await keyboard("{Escape}");
  expect(ran).toEqual(["close-toast", "clear"]);
});

test("single-key shortcuts can be switched off", async () => {
  switchSingleKeys(false);
  await keyboard("jfz?gf{ArrowDown}{Escape}{Control>}k{/Control}");
  expect(ran).toEqual(["next-row", "clear", "palette"]);
});

test("help is reachable without single keys, and from a field", async () => {
  switchSingleKeys(false);
  await keyboard("{F1}");
  document.querySelector<HTMLElement>("#search")?.focus();
  await keyboard("?{F1}");
  expect(ran).toEqual(["help", "help"]);
});

test("a number before a motion is its count", async () => {
  await keyboard("12j");
  expect([ran, last]).toEqual([["next-row"], { count: 12, repeat: false }]);
  await keyboard("3x");
  expect([ran.at(-1), last]).toEqual(["toggle", { repeat: false }]);
  await keyboard("0j");
  expect(last).toEqual({ repeat: false });
});

test("a number is no count in a sequence, in a field, or without single keys", async () => {
  await keyboard("s5j");
  expect(last).toEqual({ count: 5, repeat: false });
  document.querySelector<HTMLElement>("#search")?.focus();
  await keyboard("5{ArrowDown}");
  expect([ran.at(-1), last]).toEqual(["enter-rows", { repeat: false }]);
  document.querySelector<HTMLElement>("td.name a")?.focus();
  switchSingleKeys(false);
  await keyboard("5{ArrowDown}");
  expect(last).toEqual({ repeat: false });
});

test("Escape ends a sequence and a count, and does nothing else", async () => {
  await keyboard("g{Escape}f");
  await keyboard("5{Escape}j");
  expect(ran).toEqual(["set-FAILED", "next-row"]);
  expect(last).toEqual({ repeat: false });
});

test("what may follow the first key is reported, until the next key", async () => {
  const heard: (string | undefined)[] = [];
  onPending((pending) => heard.push(pending && `${pending.typed}: ${pending.next.map(({ keys }) => keys).join("")}`));
  await keyboard("y");
  expect(heard).toEqual(["y: inlcsj"]);
  await keyboard("i");
  expect(heard).toEqual(["y: inlcsj", undefined]);
});

/** Layouts as browsers report their keys. */
test.each([
  ["Cyrillic /", { key: ".", code: "Slash" }, "search"],
  ["Cyrillic ?", { key: ",", code: "Slash", shiftKey: true }, "help"],
  ["Cyrillic ]", { key: "ъ", code: "BracketRight" }, "next-page"],
  ["Cyrillic [", { key: "х", code: "BracketLeft" }, "previous-page"],
  ["Cyrillic }", { key: "Ъ", code: "BracketRight", shiftKey: true }, "last-page"],
  ["Cyrillic j", { key: "о", code: "KeyJ" }, "next-row"],
  ["Greek j", { key: "ξ", code: "KeyJ" }, "next-row"],
  ["Greek Shift D", { key: "Δ", code: "KeyD", shiftKey: true }, "delete"],
  ["QWERTZ [", { key: "ü", code: "BracketLeft" }, "previous-page"],
  ["QWERTZ ]", { key: "+", code: "BracketRight" }, "next-page"],
  ["QWERTZ z", { key: "z", code: "KeyY" }, "undo"],
  ["AZERTY [, a dead key", { key: "Dead", code: "BracketLeft" }, "previous-page"],
  ["AZERTY ]", { key: "$", code: "BracketRight" }, "next-page"],
  ["AZERTY /", { key: "/", code: "Period", shiftKey: true }, "search"],
])("%s runs its command", (_, init, id) => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true }));
  expect(ran).toEqual([id]);
});

test("the sign of a layout does not run the letter of another one", () => {
  for (const init of [
    { key: ",", code: "KeyM" },
    { key: "y", code: "KeyZ" },
    { key: ";", code: "KeyQ" },
  ])
    document.body.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true }));
  expect(ran).toEqual([]);
});
