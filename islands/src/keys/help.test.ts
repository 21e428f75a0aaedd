import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { element } from "../testing/page";
import { keysOf, resetKeys } from "./bindings";
import { open } from "./help";
import { KEYMAP } from "./keymap";

const { keyboard, click } = userEvent;
const message = () => element(".keys [role=status]").textContent;
const change = (id: string) => element(`[data-change="${id}"]`);

beforeEach(() => {
  resetKeys();
  open();
});

test("it shows every command, once", () => {
  const shown = [...document.querySelectorAll(".keys th")].map(({ textContent }) => textContent);
  expect(shown.sort()).toEqual(KEYMAP.map(({ label }) => label).sort());
});

test("single keys are switched off and on", async () => {
  await click(element("#single-keys"));
  expect(keysOf("undo")).toEqual([]);
  expect(message()).toBe("Single keys do nothing.");
  await click(element("#single-keys"));
  expect(keysOf("undo")).toEqual(["z"]);
});

test("a key is changed by pressing the new one", async () => {
  await click(change("undo"));
  expect(change("undo").getAttribute("aria-pressed")).toBe("true");
  await keyboard("b");
  expect(keysOf("undo")).toEqual(["b"]);
  expect(message()).toBe("“Undo the last status change” is b now.");
  expect(document.activeElement).toBe(change("undo"));
  await click(element(".keys menu button"));
  expect(keysOf("undo")).toEqual(["z"]);
});

test.each([
  ["j", "j is taken by “Next job”."],
  ["{ArrowLeft}", "Choose a letter, a digit or a sign."],
  ["{Escape}", "The key stays as it was."],
])("%s is not taken", async (key, said) => {
  await click(change("undo"));
  await keyboard(key);
  expect(message()).toBe(said);
  expect(keysOf("undo")).toEqual(["z"]);
  expect((element("dialog.keys") as HTMLDialogElement).open).toBe(true);
});

test("Tab leaves the key as it is", async () => {
  await click(change("undo"));
  await keyboard("{Tab}b");
  expect(keysOf("undo")).toEqual(["z"]);
});
