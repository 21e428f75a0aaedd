import { beforeAll, beforeEach, expect, test } from "vitest";
import { element } from "../testing/page";
import { wireCompletion } from "./completion";

const GRAMMAR = {
  fields: [{ name: "status", words: "a status", isList: true, values: [{ value: "pending" }, { value: "failed" }] }],
  operators: [],
};
const field = () => element("#search") as HTMLInputElement;
const shown = () => [...document.querySelectorAll("#search-options [role=option] bdi")].map((each) => each.textContent);
const isOpen = () => field().getAttribute("aria-expanded") === "true" && !element("#search-options").hidden;

beforeAll(() => {
  // Read once
  document.body.innerHTML = `<script type="application/json" id="search-grammar">${JSON.stringify(GRAMMAR)}</script>`;
  wireCompletion();
});
beforeEach(() => {
  localStorage.clear();
  document.body.insertAdjacentHTML(
    "beforeend",
    '<form><input id="search" role="combobox"><div id="search-options" role="listbox" hidden></div></form>',
  );
  field().focus();
});

function type(text: string, caret = text.length): void {
  field().value = text;
  field().setSelectionRange(caret, caret);
  field().dispatchEvent(new Event("input", { bubbles: true }));
}

/** Returns whether the key was taken. */
function press(key: string, options: KeyboardEventInit = {}): boolean {
  return !field().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));
}

test("a field is completed, and its values follow; after a value, a space", () => {
  type("wing sta");
  expect(shown()).toEqual(["status:"]);
  expect(press("Tab")).toBe(true);
  expect(field().value).toBe("wing status:");
  expect(shown()).toEqual(["pending", "failed"]);
  expect(press("ArrowUp")).toBe(true);
  expect(press("Enter")).toBe(true);
  expect(field().value).toBe("wing status:failed ");
  expect(isOpen()).toBe(false);
});

test.each([
  ["status:f wing", 8, "status:failed wing", 14],
  ["status:f,pending", 8, "status:failed,pending", 13],
  ["sta:failed", 3, "status:failed", 7],
])("%s at %d", (text, caret, expected, at) => {
  type(text, caret);
  press("Tab");
  expect(field().value).toBe(expected);
  expect(field().selectionStart).toBe(at);
});

test("keys that mean nothing to the list are left to others", () => {
  type("status:");
  expect(press("Enter")).toBe(false);
  expect(isOpen()).toBe(false);
  type("status:");
  expect(press("Tab")).toBe(false);
  type("status:");
  expect(press("ArrowDown", { isComposing: true })).toBe(false);
  expect(press("ArrowDown", { ctrlKey: true })).toBe(false);
  expect(press("Tab", { shiftKey: true })).toBe(false);
  type("turbine");
  for (const key of ["ArrowDown", "ArrowUp", "Enter", "Escape", "Tab"]) expect(press(key)).toBe(false);
});

test("Escape closes the list, and Alt+Down opens it again", () => {
  type("status:");
  expect(press("Escape")).toBe(true);
  expect(isOpen()).toBe(false);
  expect(press("Escape")).toBe(false);
  expect(press("ArrowDown", { altKey: true })).toBe(true);
  expect(isOpen()).toBe(true);
  expect(field().hasAttribute("aria-activedescendant")).toBe(false);
  press("ArrowDown");
  expect(field().getAttribute("aria-activedescendant")).toBe("search-option-0");
  expect(press("ArrowUp", { altKey: true })).toBe(true);
  expect(isOpen()).toBe(false);
});

test("a search that would become too long stays as it is", () => {
  const text = `${"x".repeat(1994)} sta`;
  type(text);
  press("Tab");
  expect(field().value).toBe(text);
});

test("leaving the field closes the list, and so does a composition", () => {
  type("status:");
  field().dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  expect(isOpen()).toBe(false);
  type("status:");
  field().blur();
  expect(isOpen()).toBe(false);
});
