import { expect, test } from "vitest";
import { isCharacter, keysText, strokeOf, strokesOf } from "./strokes";

function press(init: KeyboardEventInit & { altGraph?: boolean }): string | undefined {
  const event = new KeyboardEvent("keydown", init);
  event.getModifierState = (name) => name === "AltGraph" && init.altGraph === true;
  return strokeOf(event);
}

test.each([
  ["a letter", { key: "j" }, "j"],
  ["a capital", { key: "D", shiftKey: true }, "Shift+d"],
  ["Caps Lock", { key: "D" }, "d"],
  ["a symbol with Shift", { key: "?", shiftKey: true }, "?"],
  ["a symbol with Shift on another layout", { key: "/", shiftKey: true }, "/"],
  ["a symbol with AltGr", { key: "[", ctrlKey: true, altKey: true, altGraph: true }, "["],
  ["a letter of another alphabet", { key: "о", code: "KeyJ" }, "j"],
  ["a command", { key: "k", ctrlKey: true }, "Mod+k"],
  ["another system's command", { key: "k", metaKey: true }, "Other+k"],
  ["a menu key", { key: "f", altKey: true }, "Alt+f"],
  ["an arrow with Shift", { key: "ArrowDown", shiftKey: true }, "Shift+ArrowDown"],
  ["Space", { key: " " }, "Space"],
  ["only Shift", { key: "Shift", shiftKey: true }, undefined],
])("%s", (_, init, stroke) => {
  expect(press(init)).toBe(stroke);
});

test.each([
  ["a Latin letter", { key: "j", code: "KeyJ" }, ["j"]],
  ["a digit", { key: "5", code: "Digit5", shiftKey: true }, ["5"]],
  ["a letter where US keyboards have a sign", { key: "ö", code: "Semicolon" }, ["ö", ";"]],
  ["a sign where US keyboards have another", { key: "-", code: "Slash" }, ["-", "/"]],
  ["a sign where US keyboards have a letter", { key: ",", code: "KeyM" }, [","]],
  ["a letter where US keyboards have a digit", { key: "é", code: "Digit2" }, ["é", "2"]],
  ["a dead key", { key: "Dead", code: "BracketLeft" }, ["["]],
  ["a command", { key: "ö", code: "Semicolon", ctrlKey: true }, ["Mod+ö"]],
])("%s may also be meant by its position", (_, init, strokes) => {
  expect(strokesOf(new KeyboardEvent("keydown", init))).toEqual(strokes);
});

test.each([
  ["j", true],
  ["Shift+d", true],
  ["?", true],
  ["g a", true],
  ["+", true],
  ["Mod+k", false],
  ["ArrowDown", false],
  ["Escape", false],
])("%s is a character: %s", (keys, character) => {
  expect(isCharacter(keys)).toBe(character);
});

test.each([
  ["Mod+k", true, "⌘ K"],
  ["Mod+k", false, "Ctrl K"],
  ["Shift+d", false, "⇧ D"],
  ["g a", false, "g a"],
  ["Escape", false, "Esc"],
  ["+", false, "+"],
])("%s is displayed for the platform (Mac: %s)", (keys, mac, text) => {
  expect(keysText(keys, mac)).toBe(text);
});
