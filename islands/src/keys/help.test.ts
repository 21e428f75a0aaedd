import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { afterPaint } from "../dom";
import { element } from "../testing/page";
import { keysOf, resetKeys } from "./bindings";
import { openHelp } from "./help";
import { KEYMAP } from "./keymap";

const { keyboard, click } = userEvent;
const message = () => element(".keys [role=status]").textContent;
const change = (id: string) => element(`[data-change="${id}"]`);

beforeEach(async () => {
  resetKeys();
  openHelp();
  await afterPaint();
});

test("lists every command once", () => {
  const shown = [...document.querySelectorAll(".keys th")].map(({ textContent }) => textContent);
  expect(shown.sort()).toEqual(KEYMAP.map(({ label }) => label).sort());
});

test("single-key shortcuts are switched off and on", async () => {
  await click(element("#single-keys"));
  expect(keysOf("undo")).toEqual([]);
  expect(message()).toBe("Single-key shortcuts are off.");
  await click(element("#single-keys"));
  expect(keysOf("undo")).toEqual(["z"]);
});

test("pressing a key rebinds the command", async () => {
  await click(change("undo"));
  expect(change("undo").getAttribute("aria-pressed")).toBe("true");
  await keyboard("b{Enter}");
  expect(keysOf("undo")).toEqual(["b"]);
  expect(message()).toBe("“Undo the last change” is now b.");
  expect(document.activeElement).toBe(change("undo"));
  await click(element(".keys form > button"));
  expect(keysOf("undo")).toEqual(["z"]);
});

test.each([
  ["j{Enter}", "j is already used by “Next job” and 1 more."],
  ["{ArrowLeft}", "Use a letter, digit or symbol."],
  ["{Escape}", "Shortcut unchanged."],
])("%s is not assigned", async (key, text) => {
  await click(change("undo"));
  await keyboard(key);
  expect(message()).toBe(text);
  expect(keysOf("undo")).toEqual(["z"]);
  expect((element("dialog.keys") as HTMLDialogElement).open).toBe(true);
});

test("one key is assigned after a pause, two keys at once", async () => {
  await click(change("undo"));
  await keyboard("gu");
  expect(keysOf("undo")).toEqual(["g u"]);
  expect(message()).toBe("“Undo the last change” is now g u.");
  change("undo").click();
  vi.useFakeTimers();
  change("undo").dispatchEvent(new KeyboardEvent("keydown", { key: "b", bubbles: true }));
  expect(message()).toBe("b: press a second key now, or Enter to use it alone.");
  vi.advanceTimersByTime(1_000);
  vi.useRealTimers();
  expect(keysOf("undo")).toEqual(["b"]);
});

test("a key that is taken can be swapped", async () => {
  await click(change("toggle"));
  await keyboard("j{Enter}");
  expect(document.activeElement?.textContent).toBe("Swap");
  await keyboard("{Enter}");
  expect([keysOf("toggle"), keysOf("next-row")]).toEqual([["j"], ["x", "ArrowDown"]]);
  expect(message()).toBe("“Toggle selection” is now j, swapped with “Next job”.");
  expect(document.activeElement).toBe(change("toggle"));
});

test("a key that begins sequences cannot be swapped", async () => {
  await click(change("toggle"));
  await keyboard("g{Enter}");
  expect(message()).toMatch(/^g is already used by “First job on the page” and \d+ more\.$/);
  expect(element(".keys .hint button").hidden).toBe(true);
});

test("says which keys are fixed", () => {
  expect(element(".keys form").textContent).toContain(
    "Fixed, and always on: ↓, ↑, Home, End, Enter, Esc, →, ⇧ ↓, ⇧ ↑, Ctrl A, Ctrl K, F1.",
  );
});

test("Tab leaves the shortcut unchanged", async () => {
  await click(change("undo"));
  await keyboard("{Tab}b");
  expect(keysOf("undo")).toEqual(["z"]);
});
