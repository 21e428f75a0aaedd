import { beforeEach, expect, test, vi } from "vitest";
import { list } from "../testing/live-list";
import { element } from "../testing/page";
import { isSwitchedOff, showCondition, wireSwitch } from "./switch";

const set = vi.fn();
const retry = vi.fn();
wireSwitch(set, retry);

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = list([]);
});

test.each([
  ["live", "Live", "Live. Pause live updates", true],
  ["paused", "Paused", "Paused. Resume live updates", true],
  ["failing", "Reconnecting", "Reconnecting. Pause live updates", false],
  ["loggedOut", "Logged out", "Logged out. Pause live updates", true],
] as const)("%s is shown, with the action of the button", (condition, text, name, hidesRetry) => {
  showCondition(condition);
  const [toggle, again] = document.querySelectorAll<HTMLButtonElement>("#live-state button");
  expect(element("#live-state").hidden).toBe(false);
  expect(toggle?.textContent).toBe(text);
  expect(toggle?.getAttribute("aria-label")).toBe(name);
  expect(again?.hidden).toBe(hidesRetry);
});

test("is paused and resumed, and the choice is stored", () => {
  showCondition("live");
  element("#live-state button").click();
  expect(set).toHaveBeenLastCalledWith(true);
  expect(isSwitchedOff()).toBe(true);
  showCondition("paused");
  element("#live-state button").click();
  expect(set).toHaveBeenLastCalledWith(false);
  expect(isSwitchedOff()).toBe(false);
});

test("follows another tab", () => {
  localStorage.setItem("live-updates", "off");
  dispatchEvent(new StorageEvent("storage", { key: "live-updates" }));
  expect(set).toHaveBeenLastCalledWith(true);
});

test("Retry polls, and passes on its focus when it disappears", () => {
  showCondition("failing");
  element("[data-retry]").focus();
  element("[data-retry]").click();
  expect(retry).toHaveBeenCalledOnce();
  showCondition("live");
  expect(document.activeElement).toBe(element("#live-state button"));
});
