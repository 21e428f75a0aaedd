import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { element } from "../testing/page";
import { keysOf, resetKeys } from "./bindings";
import { openHelp } from "./help";
import { KEYMAP } from "./keymap";

const { keyboard, click } = userEvent;
const message = () => element(".keys [role=status]").textContent;
const change = (id: string) => element(`[data-change="${id}"]`);

beforeEach(() => {
  resetKeys();
  openHelp();
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
  await keyboard("b");
  expect(keysOf("undo")).toEqual(["b"]);
  expect(message()).toBe("“Undo the last change” is now b.");
  expect(document.activeElement).toBe(change("undo"));
  await click(element(".keys menu button"));
  expect(keysOf("undo")).toEqual(["z"]);
});

test.each([
  ["j", "j is already used by “Next job”."],
  ["{ArrowLeft}", "Use a letter, digit or symbol."],
  ["{Escape}", "Shortcut unchanged."],
])("%s is not assigned", async (key, text) => {
  await click(change("undo"));
  await keyboard(key);
  expect(message()).toBe(text);
  expect(keysOf("undo")).toEqual(["z"]);
  expect((element("dialog.keys") as HTMLDialogElement).open).toBe(true);
});

test("Tab leaves the shortcut unchanged", async () => {
  await click(change("undo"));
  await keyboard("{Tab}b");
  expect(keysOf("undo")).toEqual(["z"]);
});
